ALTER TABLE platform.audit VALIDATE CONSTRAINT audit_actor_kind_is_known;
