// Turns the numbers of an SSH public key into a key that node:crypto verifies with.

import { createPublicKey } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';

import { MalformedError } from '../../errors.ts';
import { CURVE_BYTES } from './public-key.ts';
import type { SshKeyMaterial } from './public-key.ts';
import type { SshCurve } from './key-types.ts';

const CODE = 'SSH_SIGNATURE_MALFORMED';
const JWK_CURVES: Readonly<Record<SshCurve, string>> = { nistp256: 'P-256', nistp384: 'P-384', nistp521: 'P-521' };

// SEC 2 §2.4: the orders of the three groups.
const ORDERS: Readonly<Record<SshCurve, bigint>> = {
  nistp256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  nistp384: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  nistp521:
    0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
};

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

// sshkey_ec_validate_public: each coordinate has more than half the order's bits and is smaller than the order less one.
function checkCoordinate(coordinate: Uint8Array, curve: SshCurve): void {
  const value = BigInt(`0x${Buffer.from(coordinate).toString('hex')}`);
  const order = ORDERS[curve];
  const halfBits = BigInt(order.toString(2).length >> 1);
  if (value >> halfBits === 0n || value >= order - 1n) throw new MalformedError(CODE, 'point: a coordinate that OpenSSH refuses');
}

/** What a node:crypto key can be made of. ssh-dss is not checked here: OpenSSH 10 has dropped it. */
export type CheckableMaterial = Exclude<SshKeyMaterial, { kind: 'dss' }>;

function jwkOf(material: CheckableMaterial): JsonWebKey {
  switch (material.kind) {
    case 'ed25519':
    case 'sk-ed25519':
      return { kty: 'OKP', crv: 'Ed25519', x: base64url(material.point) };
    case 'ecdsa':
    case 'sk-ecdsa': {
      const size = CURVE_BYTES[material.curve];
      const x = material.point.subarray(1, 1 + size);
      const y = material.point.subarray(1 + size);
      checkCoordinate(x, material.curve);
      checkCoordinate(y, material.curve);
      return { kty: 'EC', crv: JWK_CURVES[material.curve], x: base64url(x), y: base64url(y) };
    }
    case 'rsa':
      return { kty: 'RSA', e: base64url(material.e), n: base64url(material.n) };
  }
}

/** The key for node:crypto. Throws MalformedError `SSH_SIGNATURE_MALFORMED` for a point off the curve or numbers that are no key. */
export function makeKeyObject(material: CheckableMaterial): KeyObject {
  const key = jwkOf(material);
  try {
    return createPublicKey({ key, format: 'jwk' });
  } catch {
    throw new MalformedError(CODE, 'public key: its numbers make no key');
  }
}
