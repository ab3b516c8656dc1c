// The names, sizes and node digests of OpenPGP's algorithm numbers (RFC 9580 §9), as far as they can be checked here.

/** Public-key algorithms by number (RFC 9580 §9.1). RSA has three numbers for one algorithm; 2 may not sign. */
export const PUBLIC_KEY_NAMES: Readonly<Record<number, string>> = {
  1: 'rsa',
  2: 'rsaEncrypt',
  3: 'rsaSign',
  16: 'elgamal',
  17: 'dsa',
  18: 'ecdh',
  19: 'ecdsa',
  22: 'eddsaLegacy',
  25: 'x25519',
  26: 'x448',
  27: 'ed25519',
  28: 'ed448',
};

/** The numbers that can sign and that node:crypto can check. */
export function isSigningAlgorithm(algorithm: number): boolean {
  return (
    algorithm === 1 || algorithm === 3 || algorithm === 17 || algorithm === 19 || algorithm === 22 || algorithm === 27 || algorithm === 28
  );
}

/** One hash algorithm (RFC 9580 §9.5): its node name, its size, and the salt that a v6 signature carries for it (§5.2.3). */
export interface HashAlgorithm {
  readonly name: string;
  readonly bits: number;
  readonly saltBytes: number;
  /** Too weak for a signature over data; self-signatures of old certificates still use SHA-1. */
  readonly weak: boolean;
}

/** By number; MD5 is missing on purpose (gpg refuses it everywhere), SHA-3 because gpg 2.2 does not know it for v4. */
export const HASHES: Readonly<Record<number, HashAlgorithm>> = {
  2: { name: 'sha1', bits: 160, saltBytes: 0, weak: true },
  3: { name: 'ripemd160', bits: 160, saltBytes: 0, weak: true },
  8: { name: 'sha256', bits: 256, saltBytes: 16, weak: false },
  9: { name: 'sha384', bits: 384, saltBytes: 24, weak: false },
  10: { name: 'sha512', bits: 512, saltBytes: 32, weak: false },
  11: { name: 'sha224', bits: 224, saltBytes: 16, weak: false },
};

export const HASH_MD5 = 1;

/** A curve by the hex of its OID as OpenPGP writes it (RFC 9580 §9.2): bits of its order and bytes of a coordinate. */
export interface Curve {
  readonly bits: number;
  readonly coordinateBytes: number;
}

export const CURVES: Readonly<Record<string, Curve>> = {
  '2a8648ce3d030107': { bits: 256, coordinateBytes: 32 }, // NIST P-256
  '2b81040022': { bits: 384, coordinateBytes: 48 }, // NIST P-384
  '2b81040023': { bits: 521, coordinateBytes: 66 }, // NIST P-521
  '2b8104000a': { bits: 256, coordinateBytes: 32 }, // secp256k1
  '2b2403030208010107': { bits: 256, coordinateBytes: 32 }, // brainpoolP256r1
  '2b240303020801010b': { bits: 384, coordinateBytes: 48 }, // brainpoolP384r1
  '2b240303020801010d': { bits: 512, coordinateBytes: 64 }, // brainpoolP512r1
};

/** Ed25519 in EdDSA legacy keys (RFC 9580 §9.2). */
export const ED25519_LEGACY_OID = '2b06010401da470f01';
