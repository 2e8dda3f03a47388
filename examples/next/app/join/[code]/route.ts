/** Where links lead: LINK_TARGET=https://app.example/join/{code}. The first link counts. */
export async function GET(request: Request, { params }: { params: Promise<{ code: string }> }) {
  const { code } = await params;
  const headers = new Headers({ location: '/' });
  if (/^[\w-]{1,50}$/.test(code) && !request.headers.get('cookie')?.includes('ref='))
    headers.set(
      'set-cookie',
      `ref=${code}.${Date.now()}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${30 * 86_400}`,
    );
  return new Response(null, { status: 303, headers });
}
