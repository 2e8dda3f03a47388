import {
  fallbackLocale,
  getTranslator,
  type MessageValues,
  type Translate,
} from '../../platform/i18n/translations.js';
import { formatMoney, type Money } from '../../platform/money.js';
import { requirementText } from '../terms/reward-text.js';
import type { RewardNoticeDto } from '../invites/invite.dto.js';
import type { RewardNotice, Sentence } from './reward-notice.js';

/** Who reads a notice: their language, and how they write a day; without that, as in UTC. */
export interface NoticeReader {
  t: Translate;
  formatDate?: (at: Date) => string;
  /**
   * They read their own invites on our pages: notes about the people they invited are not for
   * the product whose page shows the answer of the API.
   */
  isReferrer?: boolean;
}

/** Where nothing is known of the reader. */
export const englishReader: NoticeReader = { t: getTranslator(fallbackLocale) };

/** A notice in the words of its reader. */
export function toNoticeDto(reader: NoticeReader, notice: RewardNotice): RewardNoticeDto {
  const { status, days, promisedDays, holdDays, arrivesAt, conditions } = notice;
  const requirement = conditions === null ? '' : requirementText(reader.t, conditions);
  return {
    status,
    days: Math.round(days),
    promisedDays,
    holdDays,
    arrivesAt,
    text: [sentenceText(reader, notice.text), requirement].filter(Boolean).join(' '),
    why: sentencesText(reader, notice.why) || null,
    next: notice.next && sentenceText(reader, notice.next),
  };
}

/** Sentences in the words of their reader, one after the other. */
export function sentencesText(reader: NoticeReader, sentences: readonly Sentence[]): string {
  return sentences.map((sentence) => sentenceText(reader, sentence)).join(' ');
}

function sentenceText({ t, formatDate = (at) => utcDate(t, at) }: NoticeReader, { key, values }: Sentence) {
  if (values === undefined) return t(key);
  const written = Object.entries(values).map(([name, value]) => {
    if (value instanceof Date) return [name, formatDate(value)] as const;
    return [name, isMoney(value) ? formatMoney(value, t.locale) : value] as const;
  });
  return t(key, Object.fromEntries(written));
}

function isMoney(value: MessageValues[string] | Money): value is Money {
  return typeof value === 'object' && value !== null && 'currency' in value;
}

function utcDate({ locale }: Translate, at: Date): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(at);
}
