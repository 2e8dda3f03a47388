/**
 * What is read of the events of Paddle Billing. `external_id` is set when the checkout is opened.
 */
export interface PaddleEvent {
  event_type: string;
  data: unknown;
}

interface CustomData {
  custom_data: { external_id?: string } | null;
}

interface Period {
  starts_at: string;
  ends_at: string;
}

export interface Transaction extends CustomData {
  id: string;
  billed_at: string;
  currency_code: string;
  subscription_id: string | null;
  billing_period: Period | null;
  items: { price: { id: string } }[];
  details: { totals: { grand_total: string } };
}

export interface Adjustment {
  id: string;
  action: string;
  status: 'pending_approval' | 'approved' | 'rejected' | 'reversed';
  transaction_id: string;
  totals: { total: string };
  updated_at: string;
}

export interface Subscription extends CustomData {
  id: string;
  status: 'active' | 'canceled' | 'past_due' | 'paused' | 'trialing';
  current_billing_period: Period | null;
  scheduled_change: { action: string } | null;
  updated_at: string;
}
