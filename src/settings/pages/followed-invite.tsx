import { Banner } from '../../platform/pages/parts.js';
import type { FollowedInvite } from './settings-model.js';

/** Tells somebody with an account why the link they opened brings nothing, and what does. */
export function FollowedInviteBanner({ followed }: { followed: FollowedInvite }) {
  if (followed.own)
    return (
      <Banner>
        That is your own link: it works, but not for yourself. <a href="#referral">Share it</a> with somebody
        who is new here.
      </Banner>
    );
  if (followed.label === null)
    return (
      <Banner tone="warn">
        Nobody has the code “{followed.code}”. It would not change anything: you have an account already.
      </Banner>
    );
  return (
    <Banner>
      You opened an invitation from {followed.label}. It brings no credit to either of you, because you have
      an account already: a link counts only for somebody new. Your own <a href="#referral">code</a> does work
      for your friends.
    </Banner>
  );
}
