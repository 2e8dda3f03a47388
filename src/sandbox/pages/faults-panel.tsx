import type { Faults } from '../webhooks/faults.js';

/** Where the overview lets the delivery of events go wrong on purpose. */
export function FaultsPanel({ faults, undelivered }: { faults: Faults; undelivered: number }) {
  return (
    <section aria-labelledby="faults">
      <h2 id="faults">
        Delivery <span class="quiet">{describeFaults(faults)}</span>
      </h2>
      <form method="post" action="/faults" class="card faults" aria-label="Faults of the delivery">
        <NumberField name="duplicate" label="Extra copies" value={faults.duplicate} most={20} />
        <NumberField name="delayMs" label="Delay, ms" value={faults.delayMs} most={3_600_000} />
        <NumberField name="dropPercent" label="Lost, %" value={faults.dropPercent} most={100} />
        <div class="field">
          <label for="reorder">Out of order</label>
          <select id="reorder" name="reorder">
            <option value="false" selected={!faults.reorder}>
              no
            </option>
            <option value="true" selected={faults.reorder}>
              yes
            </option>
          </select>
        </div>
        <div class="actions">
          <button name="action" value="set">
            Set faults
          </button>
          <button name="action" value="off">
            All off
          </button>
          {undelivered > 0 && (
            <button name="action" value="send">
              Send {undelivered} undelivered
            </button>
          )}
        </div>
      </form>
    </section>
  );
}

function NumberField({
  name,
  label,
  value,
  most,
}: {
  name: string;
  label: string;
  value: number;
  most: number;
}) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} name={name} type="number" min={0} max={most} value={value} required />
    </div>
  );
}

function describeFaults({ duplicate, reorder, delayMs, dropPercent }: Faults): string {
  const words = [
    duplicate > 0 && `${duplicate + 1} times each`,
    reorder && 'out of order',
    delayMs > 0 && `${delayMs} ms late`,
    dropPercent > 0 && `${dropPercent} % lost`,
  ].filter(Boolean);
  return words.length === 0 ? 'as it should be' : words.join(', ');
}
