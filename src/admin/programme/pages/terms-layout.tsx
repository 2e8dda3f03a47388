import type { ComponentChildren } from 'preact';
import { Layout, type Viewer } from '../../../platform/pages/layout.js';
import { AdminNav } from '../../pages/admin-nav.js';

/** The frame of all pages about terms. */
export function TermsLayout({
  title,
  viewer,
  children,
}: {
  title: string;
  viewer: Viewer;
  children: ComponentChildren;
}) {
  return (
    <Layout title={title} viewer={viewer} width="wide" current="/admin/users">
      <AdminNav current="programme" />
      <h1>{title}</h1>
      {children}
    </Layout>
  );
}
