/** A link to a user of the console; words alone where the user is gone. */
export function UserLink({ userId, email }: { userId: string | null; email: string | null }) {
  if (userId === null) return <>Gone</>;
  return <a href={`/admin/users/${encodeURIComponent(userId)}`}>{email ?? 'Erased user'}</a>;
}
