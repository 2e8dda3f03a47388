-- Checks the rows of before, while others write.
ALTER TABLE billing.customer VALIDATE CONSTRAINT customer_id_names_its_processor;
ALTER TABLE billing.invoice VALIDATE CONSTRAINT invoice_id_names_its_processor;
ALTER TABLE billing.subscription VALIDATE CONSTRAINT subscription_id_names_its_processor;
ALTER TABLE billing.reversal VALIDATE CONSTRAINT reversal_id_names_its_processor;
