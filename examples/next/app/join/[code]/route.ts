import { follow } from '../../../lib/invitation.ts';

/** Where links lead: LINK_TARGET=https://app.example/join/{code}. */
export async function GET(request: Request, { params }: { params: Promise<{ code: string }> }) {
  return follow(request, (await params).code);
}
