import { page } from './layout.js';

/** A page that only says something, such as why a request was refused. */
export function messagePage(title: string, text: string, appName: string): string {
  return page({ title, appName, back: true, children: <p class="card">{text}</p> });
}
