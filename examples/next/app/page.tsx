export default function SignUp() {
  return (
    <form method="post" action="/api/sign-up">
      <label>
        Email <input type="email" name="email" required />
      </label>
      <button>Sign up</button>
    </form>
  );
}
