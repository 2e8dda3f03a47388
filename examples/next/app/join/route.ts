import { follow } from '../../lib/invitation.ts';

/** Where links with a parameter are sent on to: `?ref=`, or `?via=` and `?fpr=` of other tools. */
export function GET(request: Request) {
  const { searchParams } = new URL(request.url);
  return follow(request, searchParams.get('ref') ?? searchParams.get('via') ?? searchParams.get('fpr'));
}
