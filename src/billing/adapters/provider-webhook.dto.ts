/** What a processor is answered. */
export class ProviderWebhookAnswerDto {
  received: true;

  /**
   * `duplicate`: known already. `ignored`: it reports nothing here. `parked`: applied once its
   * person or payment is known. `refused`: it contradicts what was reported before.
   */
  outcome: 'applied' | 'duplicate' | 'ignored' | 'parked' | 'refused';

  /** What exactly. */
  detail: string;
}
