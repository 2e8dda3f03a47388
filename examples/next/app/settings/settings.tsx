'use client';

import { Referral, useAccess } from '@twofold/client/react';

export function Settings({ twofoldUrl }: { twofoldUrl: string }) {
  const { status, access, refresh } = useAccess();
  return (
    <main>
      {status === 'loading' && <p>One moment …</p>}
      {status === 'error' && <button onClick={refresh}>Try again</button>}
      {access?.active === true && <p>Yours until {access.until}.</p>}
      {access?.active === false && (
        <form method="post" action="/api/subscribe">
          <button>Subscribe</button>
        </form>
      )}
      <Referral tokenUrl="/api/twofold/token" baseUrl={twofoldUrl} />
    </main>
  );
}
