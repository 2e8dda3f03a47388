import type { Children } from '#jsx/jsx-runtime';
import { Layout, type Viewer } from '../../../platform/ui/layout.js';
import { AdminNav } from '../../pages/admin-components.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { usePageReader } from '../../../platform/ui/render-page.js';

/** The frame of all pages about terms. */
export function TermsLayout({
  title,
  viewer,
  address,
  children,
}: {
  title: string;
  viewer: Viewer;
  address?: string | undefined;
  children: Children;
}) {
  return (
    <Layout title={title} viewer={viewer} width="wide" current="/admin/users" address={address}>
      <AdminNav current="programme" />
      <h1>{title}</h1>
      {children}
    </Layout>
  );
}

/** A moment in UTC, in which terms begin and end for everyone, and in which they are entered. */
export function UtcDateTime({ at }: { at: Date }) {
  return <DateTime at={at} readerSettings={{ ...usePageReader(), timeZone: 'UTC' }} />;
}
