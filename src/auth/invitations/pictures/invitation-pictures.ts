import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { alertCounter } from '../../../platform/observability/metrics/process-metrics.js';
import type { PictureAnswer, PictureContent, PictureRequest } from './picture-worker.js';

const maxWaiting = 20;
/**
 * With the wait for those before it. A thread that takes longer is ended; the next picture starts
 * another.
 */
const maxDrawingMs = 60_000;
/** About 40 KB each. */
const maxKept = 200;

/** The hash of what a picture shows: its entity tag. */
export function pictureHash(content: PictureContent): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 16);
}

/**
 * Draws the pictures of invitations, in one thread that starts with the first of them. Those drawn
 * last are kept in memory; pictures of the same content are one.
 */
@Injectable()
export class InvitationPictures implements OnModuleDestroy {
  private readonly kept = new Map<string, Buffer>();
  private readonly drawing = new Map<string, Promise<Buffer | null>>();
  private readonly waiting = new Map<number, (answer: PictureAnswer | null) => void>();
  private worker: Worker | null = null;
  private lastId = 0;

  /** A picture that was drawn lately, as a PNG; null for any other. */
  findKept(content: PictureContent): Buffer | null {
    const hash = pictureHash(content);
    const known = this.kept.get(hash);
    if (known === undefined) return null;
    this.keep(hash, known);
    return known;
  }

  /** The picture as a PNG; null while too many wait to be drawn, and for one that failed. */
  async find(content: PictureContent): Promise<Buffer | null> {
    const kept = this.findKept(content);
    if (kept !== null) return kept;
    const hash = pictureHash(content);
    const others = this.drawing.get(hash);
    if (others !== undefined) return others;
    if (this.drawing.size >= maxWaiting) return null;
    const drawn = this.draw(content).finally(() => this.drawing.delete(hash));
    this.drawing.set(hash, drawn);
    const png = await drawn;
    if (png !== null) this.keep(hash, png);
    return png;
  }

  async onModuleDestroy(): Promise<void> {
    await this.worker?.terminate();
  }

  private async draw(content: PictureContent): Promise<Buffer | null> {
    const request: PictureRequest = { id: ++this.lastId, content };
    let timer: NodeJS.Timeout | undefined;
    const answer = await new Promise<PictureAnswer | null>((resolve) => {
      this.waiting.set(request.id, resolve);
      this.worker ??= this.startWorker();
      this.worker.postMessage(request);
      const { worker } = this;
      timer = setTimeout(() => void worker.terminate(), maxDrawingMs);
    });
    clearTimeout(timer);
    if (answer !== null && 'png' in answer) return Buffer.from(answer.png);
    alertCounter.inc({ name: 'invitation_picture.failed' });
    return null;
  }

  private startWorker(): Worker {
    // where TypeScript itself is run, as in tests, Node strips its types
    const worker = new Worker(new URL(`./picture-worker${extname(import.meta.url)}`, import.meta.url));
    worker.unref();
    worker.on('message', (answer: PictureAnswer) => {
      this.waiting.get(answer.id)?.(answer);
      this.waiting.delete(answer.id);
    });
    worker.on('error', () => this.abandonWorker(worker));
    worker.on('exit', () => this.abandonWorker(worker));
    return worker;
  }

  /** What a thread that ended was to draw has failed; the next picture starts another. */
  private abandonWorker(worker: Worker): void {
    if (this.worker !== worker) return;
    this.worker = null;
    for (const answer of this.waiting.values()) answer(null);
    this.waiting.clear();
  }

  /** The one used longest ago goes. */
  private keep(hash: string, png: Buffer): void {
    this.kept.delete(hash);
    this.kept.set(hash, png);
    const [oldest] = this.kept.keys();
    if (this.kept.size > maxKept && oldest !== undefined) this.kept.delete(oldest);
  }
}
