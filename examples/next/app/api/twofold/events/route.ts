import { TwofoldError, verifyWebhook, type WebhookEvent } from '@twofold/client';
import { required } from '../../../../lib/environment.ts';
import { handled } from '../../../../lib/users.ts';

/** Webhooks of Twofold. */
export async function POST(request: Request) {
  let event: WebhookEvent;
  try {
    event = verifyWebhook(required('TWOFOLD_WEBHOOK_SECRET'), request.headers, await request.text());
  } catch (error) {
    if (!(error instanceof TwofoldError)) throw error;
    return Response.json({ error: error.detail }, { status: error.status });
  }
  if (!handled.has(event.id) && event.type === 'referral.credited')
    for (const { person, days } of event.data.credited) console.log(`${person.externalId} got ${days} days`);
  handled.add(event.id);
  return new Response(null, { status: 204 });
}
