-- All refunds, disputes, credit notes and warnings of an invoice or of what paid it.
CREATE OR REPLACE FUNCTION billing.reversals_of_invoice(invoice text) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  paid_by text[] := ARRAY (SELECT p.id FROM billing.invoice_payment p WHERE p.invoice_id = invoice);
BEGIN
  RETURN (
    SELECT coalesce(json_agg(json_build_object('kind', r.kind, 'status', r.status, 'amount', r.amount)), '[]')
    FROM billing.reversal r
    WHERE r.invoice_id = invoice OR r.payment_intent_id = ANY (paid_by) OR r.charge_id = ANY (paid_by));
END $$;
