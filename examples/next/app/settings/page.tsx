import { Settings } from './settings.tsx';

// where the widget comes from is known when a request comes, not when the product is built
export const dynamic = 'force-dynamic';

export default function Page() {
  return <Settings twofoldUrl={process.env.TWOFOLD_URL ?? ''} />;
}
