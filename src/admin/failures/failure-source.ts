import { failedJobList, type FailedJob, type FailedJobs } from '../../platform/jobs/failed-jobs.js';
import type { ListSource } from '../lists/list-view.js';

/** The list of emails and other work that failed for good. */
export function failureSource(jobs: FailedJobs): ListSource<FailedJob> {
  return {
    ...{ name: 'failures', definition: failedJobList },
    list: (request, limit) => jobs.list(request, limit),
    count: (request, max) => jobs.count(request, max),
  };
}
