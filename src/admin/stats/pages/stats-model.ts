import type { Viewer } from '../../../platform/pages/layout.js';
import type { Stats } from '../figures.js';

/** The figures of a period; null where none could be shown. The fields are what was asked for; `to` is its last day. */
export interface StatsPageModel {
  viewer: Viewer;
  fields: { from: string; to: string; bucket: string };
  stats: Stats | null;
  problem: string | null;
}
