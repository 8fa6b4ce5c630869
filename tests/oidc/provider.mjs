// A real provider of OpenID Connect for the story: the npm package `oidc-provider` with its own pages for signing in.
// usage: node provider.mjs PORT SITE SECRET
import { Provider } from "oidc-provider";

const [port, site, secret] = process.argv.slice(2);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: "jianyan",
    client_secret: secret,
    redirect_uris: [`${site}/oidc/callback`],
    post_logout_redirect_uris: [`${site}/desk/sign-in`, `${site}/my-data`],
    response_types: ["code"],
    grant_types: ["authorization_code"],
  }],
  claims: {
    openid: ["sub"],
    profile: ["preferred_username"],
    phone: ["phone_number", "phone_number_verified"],
  },
  // Whoever signs in is somebody; the contact of "unproved" is not verified.
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      preferred_username: id,
      phone_number: "+86 138-0000-1234",
      phone_number_verified: id !== "unproved",
    }),
  }),
  pkce: { required: () => true },
  cookies: { keys: ["of the test alone"] },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
