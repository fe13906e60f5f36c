/** The keys of whoever issues tokens cannot be had now: nobody can tell a good token from a bad one. */
export class IssuerAway extends Error {
  constructor(cause: unknown) {
    super('The keys of the token issuer cannot be had', { cause })
  }
}
