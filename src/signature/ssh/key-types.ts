// The names of SSH key types, and which kind of key each one means in OpenSSH 9.2.

export type SshCurve = 'nistp256' | 'nistp384' | 'nistp521';

/** What a type name stands for. */
export interface SshKeyType {
  readonly kind: 'ed25519' | 'sk-ed25519' | 'ecdsa' | 'sk-ecdsa' | 'rsa' | 'dss';
  readonly isCertificate: boolean;
  /** For the two kinds on a NIST curve. */
  readonly curve?: SshCurve;
  /** The name that the canonical encoding of the plain key bears. */
  readonly plainName: string;
}

const PLAIN: readonly (readonly [string, Omit<SshKeyType, 'isCertificate' | 'plainName'>])[] = [
  ['ssh-ed25519', { kind: 'ed25519' }],
  ['sk-ssh-ed25519@openssh.com', { kind: 'sk-ed25519' }],
  ['ecdsa-sha2-nistp256', { kind: 'ecdsa', curve: 'nistp256' }],
  ['ecdsa-sha2-nistp384', { kind: 'ecdsa', curve: 'nistp384' }],
  ['ecdsa-sha2-nistp521', { kind: 'ecdsa', curve: 'nistp521' }],
  ['sk-ecdsa-sha2-nistp256@openssh.com', { kind: 'sk-ecdsa', curve: 'nistp256' }],
  ['ssh-rsa', { kind: 'rsa' }],
  ['ssh-dss', { kind: 'dss' }],
];

// Names of signature algorithms that sshkey_type_from_name takes for key types all the same.
const ALIASES: readonly (readonly [string, string])[] = [
  ['rsa-sha2-256', 'ssh-rsa'],
  ['rsa-sha2-512', 'ssh-rsa'],
  ['webauthn-sk-ecdsa-sha2-nistp256@openssh.com', 'sk-ecdsa-sha2-nistp256@openssh.com'],
];

// Short names, of any case, for plain keys inside blobs only. The ECDSA ones are missing: without the curve in the name the key does not parse.
const SHORT_NAMES: readonly (readonly [string, string])[] = [
  ['ed25519', 'ssh-ed25519'],
  ['ed25519-sk', 'sk-ssh-ed25519@openssh.com'],
  ['rsa', 'ssh-rsa'],
  ['dsa', 'ssh-dss'],
];

function certificateName(name: string): string {
  return name.endsWith('@openssh.com') ? name.replace('@openssh.com', '-cert-v01@openssh.com') : `${name}-cert-v01@openssh.com`;
}

function makeTable(): Map<string, SshKeyType> {
  const table = new Map<string, SshKeyType>();
  for (const [name, fields] of PLAIN) {
    table.set(name, { ...fields, isCertificate: false, plainName: name });
    table.set(certificateName(name), { ...fields, isCertificate: true, plainName: name });
  }
  for (const [alias, name] of ALIASES) {
    for (const [from, to] of [[alias, name], ...(alias.startsWith('rsa') ? [[certificateName(alias), certificateName(name)]] : [])]) {
      const type = table.get(to ?? '');
      if (from !== undefined && type !== undefined) table.set(from, type);
    }
  }
  return table;
}

const TYPES = makeTable();
const SHORT = new Map(SHORT_NAMES);

/** The type that a name means at the start of a line of a key file (peek_type_nid); undefined when it means none. */
export function findLineKeyType(name: string): SshKeyType | undefined {
  return TYPES.get(name);
}

/** The type that a name means inside a key blob (sshkey_type_from_name); undefined when it means none. */
export function findBlobKeyType(name: string): SshKeyType | undefined {
  return TYPES.get(name) ?? TYPES.get(SHORT.get(name.toLowerCase()) ?? '');
}
