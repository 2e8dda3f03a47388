import { fallbackLocale, getTranslator } from '../../platform/i18n/translations.js';
import { requirementText } from '../terms/reward-text.js';
import type { RewardNoticeDto } from '../invites/invite.dto.js';
import type { RewardNotice } from './reward-notice.js';
import { worthText } from './reward-worth.js';
import { sentenceText, type SentenceReader } from './sentence.js';

/** Who reads a notice. */
export interface NoticeReader extends SentenceReader {
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
  const { status, days, promisedDays, holdDays, arrivesAt, conditions, worth } = notice;
  const requirement = conditions === null ? '' : requirementText(reader.t, conditions);
  return {
    status,
    days: Math.round(days),
    promisedDays,
    holdDays,
    arrivesAt,
    text: [sentenceText(reader, notice.text), requirement].filter(Boolean).join(' '),
    worth: worth && worthText(reader.t, worth),
    usefulDays: worth?.usefulDays ?? [],
    why: notice.why.map((sentence) => sentenceText(reader, sentence)).join(' ') || null,
    next: notice.next && sentenceText(reader, notice.next),
    qualifyingPrices: [...(conditions?.qualifyingPrices ?? [])],
  };
}
