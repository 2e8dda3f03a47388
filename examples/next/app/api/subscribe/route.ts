import { stripe } from '../../../lib/stripe.ts';
import { savePerson } from '../../../lib/twofold.ts';
import { signInFirst, userOf } from '../../../lib/users.ts';

export async function POST(request: Request) {
  const user = userOf(request);
  if (user === null) return signInFirst();
  user.stripeCustomerId ??= (await stripe().customers.create({ email: user.email })).id;
  await savePerson(user); // whose payments these are
  const { origin } = new URL(request.url);
  const session = await stripe().checkout.sessions.create({
    mode: 'subscription',
    customer: user.stripeCustomerId,
    line_items: [{ price: process.env.STRIPE_PRICE ?? 'price_twofold_monthly', quantity: 1 }],
    success_url: `${origin}/settings`,
    cancel_url: `${origin}/settings`,
  });
  return new Response(null, { status: 303, headers: { location: session.url ?? '/settings' } });
}
