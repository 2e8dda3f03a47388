import { required } from '../../../../lib/environment.ts';
import { stripe } from '../../../../lib/stripe.ts';
import { twofold } from '../../../../lib/twofold.ts';

export async function POST(request: Request) {
  const body = await request.text();
  const signature = request.headers.get('stripe-signature') ?? '';
  try {
    await stripe().webhooks.constructEventAsync(body, signature, required('STRIPE_WEBHOOK_SECRET'));
  } catch {
    return Response.json({ error: 'The signature is wrong.' }, { status: 400 });
  }
  // … your own work …
  await twofold().stripe.forward(body, signature); // if it fails, so does this: Stripe retries
  return Response.json({ received: true });
}
