/** An event as the feed and webhooks have it. */
export interface SentEvent {
  type: string;
  data: Record<string, unknown>;
}

interface PublicPerson {
  id: string;
  externalId: string | null;
}

interface AccessChanged {
  person: PublicPerson;
  active: boolean;
  source: string;
  until: string | null;
  tier: string;
  creditUntil: string | null;
  revision: number;
}

const noAccess = { active: false, source: 'none', until: null, tier: 'free', creditUntil: null };

/**
 * What another product knows of its people, in whatever order and however often it gets events: the
 * newest access by revision, who became part of whom, and who is gone.
 */
export class ProductState {
  private readonly idByExternalId = new Map<string, string>();
  private readonly accesses = new Map<string, AccessChanged>();
  private readonly mergedInto = new Map<string, string>();
  private readonly erased = new Set<string>();

  apply({ type, data }: SentEvent): void {
    if (type === 'person.created') this.learn(data.person as PublicPerson);
    if (type === 'access.changed') this.applyAccess(data as unknown as AccessChanged);
    if (type === 'person.merged') {
      const { person, mergedPerson } = data as Record<'person' | 'mergedPerson', PublicPerson>;
      this.mergedInto.set(mergedPerson.id, person.id);
    }
    if (type === 'person.erased') {
      const { person, mergedPeople } = data as { person: PublicPerson; mergedPeople: PublicPerson[] };
      for (const { id } of [person, ...mergedPeople]) this.erased.add(id);
    }
  }

  /** Null for a person who was erased, or of whom nothing is known. */
  accessOf(externalId: string): unknown {
    const ownId = this.idByExternalId.get(externalId);
    if (ownId === undefined || this.erased.has(ownId)) return null;
    const access = this.accesses.get(this.currentOf(ownId)) ?? noAccess;
    const { active, source, until, tier, creditUntil } = access;
    return { active, source, until, tier, creditUntil };
  }

  private learn({ id, externalId }: PublicPerson): void {
    if (externalId !== null) this.idByExternalId.set(externalId, id);
  }

  private applyAccess(access: AccessChanged): void {
    const known = this.accesses.get(access.person.id);
    if (known === undefined || access.revision > known.revision) this.accesses.set(access.person.id, access);
  }

  private currentOf(id: string): string {
    const into = this.mergedInto.get(id);
    return into === undefined ? id : this.currentOf(into);
  }
}
