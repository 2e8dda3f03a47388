import { Form, SelectField, SubmitButton } from '../../../platform/ui/form.js';
import { Section } from '../../../platform/ui/components.js';
import type { UserPageModel } from './user-page-model.js';

/** What a user may do. Posts `role` to /admin/users/{id}/role. */
export function RoleSection({ model: { user, viewer } }: { model: UserPageModel }) {
  return (
    <Section id="role" title="Role">
      <Form action={`/admin/users/${user.id}/role`} csrf={viewer.csrf} inline>
        <SelectField
          id="role-choice"
          name="role"
          label="Role"
          value={user.role}
          options={[
            ['user', 'User'],
            ['support', 'Support: can read everything here'],
            ['admin', 'Admin: can also change it'],
          ]}
        />
        <SubmitButton tone="plain">Set the role</SubmitButton>
      </Form>
    </Section>
  );
}
