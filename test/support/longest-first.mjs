import { BaseSequencer } from 'vitest/node';

const longFolders = ['/test/proofs/', '/test/contract/', '/test/cli/', '/test/browser/'];

/**
 * Starts the folders whose files run for minutes, so that no worker is left alone with one of them
 * at the end.
 */
export class LongestFirst extends BaseSequencer {
  async sort(files) {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }) => longFolders.some((folder) => moduleId.includes(folder));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
