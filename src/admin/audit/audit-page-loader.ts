import { Injectable } from '@nestjs/common';
import type { FormFields } from '../../platform/http/form-fields.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminForms, type StaffViewer } from '../admin-forms.js';
import { loadList, type ListView } from '../lists/list-view.js';
import { AuditSource, type NamedAuditEntry } from './audit-source.js';

/** A page of the audit log. `problem`: a filter names an unknown person. */
export interface AuditPageModel {
  viewer: StaffViewer;
  list: ListView<NamedAuditEntry>;
  problem: string | null;
}

/** Gathers what the page of the audit log shows. */
@Injectable()
export class AuditPageLoader {
  constructor(
    private readonly source: AuditSource,
    private readonly forms: AdminForms,
  ) {}

  /** The entries that match the filters in `fields`, newest first. Errors: `request.invalid`. */
  async load(me: Principal, fields: FormFields): Promise<AuditPageModel> {
    const list = await loadList(this.source, fields, me);
    const hasProblem = list.rows.length === 0 && (await this.source.namesUnknown(list.request));
    return {
      viewer: await this.forms.viewerFor(me),
      list,
      problem: hasProblem ? getTranslator(me.locale)('console.audit.problem.person') : null,
    };
  }
}
