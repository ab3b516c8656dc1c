// Every upper bound that a parser enforces, in one place, so that hostile input costs bounded time and memory.

export const limits = {
  /** Bytes of one commit or tag object. git itself has none; the largest real ones are far below 1 MiB. */
  objectBytes: 16 * 1024 * 1024,
  /** Header lines of one object, continuation lines not counted. */
  objectHeaders: 1024,
  /** Parents of one commit. The largest octopus of the Linux kernel has 66. */
  objectParents: 256,
  /**
   * Bytes of one armored signature. The largest kind (SLH-DSA) takes some 70 kB. Names in it are kept as facts, some thousand objects at a
   * time, so this bounds memory as well.
   */
  signatureBytes: 256 * 1024,
  /** Bytes of a committer or tagger that are kept; git has no bound, and a history may have one in every commit. */
  identityBytes: 1024,
  /** Bytes of one SSH wire string. */
  sshStringBytes: 1024 * 1024,
  /** Principals in one SSH certificate (OpenSSH: SSHKEY_CERT_MAX_PRINCIPALS). */
  sshPrincipals: 256,
  /** Bytes of an allowed_signers or revocation file. */
  trustFileBytes: 256 * 1024 * 1024,
  /** Bytes of one line of an allowed_signers file. */
  trustLineBytes: 1024 * 1024,
  /** Packets in one OpenPGP signature. */
  openpgpSignaturePackets: 16,
  /** Subpackets in one OpenPGP signature area. */
  openpgpSubpackets: 1024,
  /** Bytes of one keyring file. */
  keyringBytes: 512 * 1024 * 1024,
} as const;
