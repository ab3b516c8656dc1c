// Loads whom to believe: from the files that are given or, without any, from what git is configured with.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../bytes/index.ts';
import { MalformedError, ToolError } from '../errors.ts';
import { findGnupgHome, isInWorkTree, readSignatureConfig, readUserKeyring, type Repository } from '../git/index.ts';
import { openpgp, ssh, type OpenpgpValidity, type OpenpgpVerificationKey } from '../signature/index.ts';
import type { Trust } from '../verify/index.ts';

/** The files that a caller trusts. With none of them, what git is configured with counts. */
export interface TrustFiles {
  /** OpenSSH allowed_signers files. */
  readonly allowedSigners?: readonly string[];
  /** OpenSSH revocation files: KRLs or lists of keys. */
  readonly revoked?: readonly string[];
  /** OpenPGP certificates, armored or binary; of a directory every file. */
  readonly keyrings?: readonly string[];
}

/** The OpenPGP part of the trust. */
export interface OpenpgpMaterial {
  readonly trust: openpgp.OpenpgpTrust | null;
  readonly verificationKeys: readonly OpenpgpVerificationKey[];
}

/** Trust, the OpenPGP part of which is loaded when the first OpenPGP signature asks for it. */
export interface TrustStore {
  /** What is trusted, a line for each source. */
  readonly sources: readonly string[];
  /** What does not change the answer but should be known, such as a line of a configured file that cannot be read. */
  readonly warnings: readonly string[];
  readonly withoutOpenpgp: Trust;
  loadOpenpgp(): Promise<OpenpgpMaterial>;
  loadAll(): Promise<Trust>;
}

interface InputFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const NO_KEYS = openpgp.indexOpenpgpKeys([]);

async function readInput(path: string, what: string): Promise<InputFile> {
  try {
    const { size } = await stat(path);
    if (size > limits.trustFileBytes)
      throw new ToolError(
        'TRUST_FILE_TOO_LARGE',
        `cannot read the ${what} ${path}: ${size} bytes`,
        `at most ${limits.trustFileBytes} bytes are read`,
      );
    return { path, bytes: await readFile(path) };
  } catch (error) {
    if (error instanceof ToolError) throw error;
    throw new ToolError(
      'TRUST_FILE_UNREADABLE',
      `cannot read the ${what} ${path}: ${error instanceof Error ? error.message : String(error)}`,
      'check the path and its permissions',
    );
  }
}

/** Every plain file of a directory, by name, or the file itself; sub-directories and what starts with a dot are left out. */
async function listKeyringFiles(path: string): Promise<string[]> {
  const stats = await stat(path).catch(() => null);
  if (stats?.isDirectory() !== true) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => join(path, entry.name));
  if (files.length === 0)
    throw new ToolError(
      'KEYRING_EMPTY',
      `the keyring ${path} has no files`,
      'put one file of OpenPGP certificates (gpg --export --armor) or more into it',
    );
  return files.toSorted();
}

function parseRevocations({ path, bytes }: InputFile): ssh.SshRevocations {
  try {
    return ssh.parseRevocations(bytes, { path });
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw new ToolError(
      'REVOCATION_FILE_MALFORMED',
      `cannot use the revocation file ${path}: ${error.message}`,
      'mend it: a broken revocation file revokes nothing, so nothing is judged by it',
    );
  }
}

async function loadSsh(
  allowed: readonly string[],
  revoked: readonly string[],
  given: boolean,
  warnings: string[],
  minimum: 'fully' | 'ultimate' = 'fully',
): Promise<ssh.SshTrust> {
  // Asked for only where a time depends on it, since Intl takes 30 ms to load; kept with this trust, for a process may change its zone.
  let timeZoneName: string | null = null;
  const findTimeZoneName = (): string => (timeZoneName ??= Intl.DateTimeFormat().resolvedOptions().timeZone);
  const allowedSigners: ssh.AllowedSigners[] = [];
  for (const path of allowed) {
    const { bytes } = await readInput(path, 'allowed signers file');
    const parsed = ssh.parseAllowedSigners(bytes, {
      path,
      get timeZone() {
        return findTimeZoneName();
      },
    });
    const [problem] = parsed.problems;
    if (problem !== undefined) {
      const message = `${path}:${problem.line}: ${problem.message}`;
      const hint = 'each line is: PRINCIPALS [OPTIONS] KEYTYPE BASE64 (man ssh-keygen, ALLOWED SIGNERS)';
      if (given)
        throw new ToolError(
          'ALLOWED_SIGNERS_MALFORMED',
          message,
          parsed.problems.length === 1 ? hint : `${hint}; ${parsed.problems.length - 1} more lines are wrong`,
        );
      warnings.push(
        ...parsed.problems
          .slice(0, 10)
          .map((each) => `${path}:${each.line}: ${each.message}; the line is ignored, as ssh-keygen ignores it`),
      );
    }
    allowedSigners.push(parsed);
  }
  const revocations = await Promise.all(revoked.map(async (path) => parseRevocations(await readInput(path, 'revocation file'))));
  return {
    allowedSigners,
    revocations,
    minimum,
    get timeZone() {
      return findTimeZoneName();
    },
  };
}

function material(certificates: readonly openpgp.OpenpgpCertificate[], trust: openpgp.OpenpgpTrust): OpenpgpMaterial {
  return { trust, verificationKeys: certificates.flatMap(({ keys }) => keys.map(({ key }) => key)) };
}

async function loadKeyrings(paths: readonly string[], now: number, warnings: string[]): Promise<OpenpgpMaterial> {
  const files = await Promise.all((await Promise.all(paths.map(listKeyringFiles))).flat().map((path) => readInput(path, 'keyring')));
  const { certificates, problems } = await openpgp.parseCertificates(
    files.map(({ bytes }) => bytes),
    now,
  );
  if (certificates.length === 0) {
    const [problem] = problems;
    const detail = problem === undefined ? 'no OpenPGP certificate in it' : `${problem.position}: ${problem.message}`;
    throw new ToolError(
      'KEYRING_MALFORMED',
      `cannot use the keyring ${paths.join(', ')}: ${detail}`,
      'export the keys with: gpg --export --armor KEY > FILE',
    );
  }
  warnings.push(...problems.slice(0, 10).map(({ position, message }) => `${position}: ${message}; that certificate is left out`));
  return material(certificates, openpgp.trustOpenpgpCertificates(certificates));
}

async function loadUserKeyring(repository: Repository, minimum: OpenpgpValidity, now: number): Promise<OpenpgpMaterial> {
  const keyring = await readUserKeyring(repository.directory);
  if (keyring === null) return { trust: null, verificationKeys: [] };
  const { certificates } = await openpgp.parseCertificates(keyring.certificates, now);
  return material(certificates, openpgp.trustOpenpgpCertificates(certificates, keyring.validity, minimum));
}

function parseMinimum(level: string | null): OpenpgpValidity {
  const levels: readonly OpenpgpValidity[] = ['undefined', 'never', 'marginal', 'fully', 'ultimate'];
  if (level === null) return 'marginal';
  const found = levels.find((each) => each === level.toLowerCase());
  if (found === undefined)
    throw new ToolError('GIT_CONFIG_BROKEN', `gpg.minTrustLevel is ${JSON.stringify(level)}`, `it is one of ${levels.join(', ')}`);
  return found;
}

function makeStore(
  sshTrust: ssh.SshTrust | null,
  load: () => Promise<OpenpgpMaterial>,
  sources: readonly string[],
  warnings: readonly string[],
): TrustStore {
  let loading: Promise<OpenpgpMaterial> | null = null;
  const loadOpenpgp = (): Promise<OpenpgpMaterial> => (loading ??= load());
  return {
    sources,
    warnings,
    withoutOpenpgp: { ssh: sshTrust, openpgp: null, keys: NO_KEYS },
    loadOpenpgp,
    async loadAll() {
      const { trust, verificationKeys } = await loadOpenpgp();
      return { ssh: sshTrust, openpgp: trust, keys: openpgp.indexOpenpgpKeys(verificationKeys) };
    },
  };
}

async function loadGiven(files: TrustFiles, now: number): Promise<TrustStore> {
  const { allowedSigners = [], revoked = [], keyrings = [] } = files;
  const warnings: string[] = [];
  const sources = [
    ...allowedSigners.map((path) => `allowed signers: ${path} (given)`),
    ...revoked.map((path) => `revoked SSH keys: ${path} (given)`),
    ...keyrings.map((path) => `OpenPGP certificates: ${path} (given)`),
  ];
  // A revocation file alone trusts nobody, but its keys are to be told apart from unknown ones.
  const sshTrust = allowedSigners.length + revoked.length === 0 ? null : await loadSsh(allowedSigners, revoked, true, warnings);
  const loaded = keyrings.length === 0 ? { trust: null, verificationKeys: [] } : await loadKeyrings(keyrings, now, warnings);
  return makeStore(sshTrust, () => Promise.resolve(loaded), sources, warnings);
}

async function loadConfigured(repository: Repository, now: number): Promise<TrustStore> {
  const config = await readSignatureConfig(repository);
  const { allowedSignersFile: allowed, revocationFile: revoked } = config;
  const minimum = parseMinimum(config.minTrustLevel);
  const warnings: string[] = [];
  if (allowed !== null && isInWorkTree(repository, allowed)) {
    warnings.push(
      `${allowed} lies in the work tree: a commit that is checked out decides whom to trust; keep the file elsewhere, or name one with --allowed-signers`,
    );
  }
  const home = findGnupgHome();
  const sources = [
    allowed === null
      ? 'allowed signers: none (gpg.ssh.allowedSignersFile is not set)'
      : `allowed signers: ${allowed} (gpg.ssh.allowedSignersFile)`,
    ...(revoked === null ? [] : [`revoked SSH keys: ${revoked} (gpg.ssh.revocationFile)`]),
    home === null
      ? 'OpenPGP certificates: none (you have no gpg keyring)'
      : `OpenPGP certificates: ${home} (your gpg keyring, validity at least ${minimum})`,
  ];
  const leastSsh = minimum === 'ultimate' ? 'ultimate' : 'fully';
  const sshTrust = allowed === null ? null : await loadSsh([allowed], revoked === null ? [] : [revoked], false, warnings, leastSsh);
  return makeStore(sshTrust, () => loadUserKeyring(repository, minimum, now), sources, warnings);
}

/**
 * Loads trust from the given files, or, when none are given, from git's configuration (`gpg.ssh.allowedSignersFile`,
 * `gpg.ssh.revocationFile`, `gpg.minTrustLevel`) and the user's gpg keyring. Trust never comes from the commits being judged.
 *
 * Throws ToolError when a file cannot be read or is malformed: it names the file, the line and the fix.
 *
 * @param now seconds since 1970: the self-signatures of OpenPGP certificates are judged at this time
 */
export function loadTrust(repository: Repository, files: TrustFiles, now: number): Promise<TrustStore> {
  const given = [files.allowedSigners, files.revoked, files.keyrings].some((paths) => paths !== undefined && paths.length > 0);
  return given ? loadGiven(files, now) : loadConfigured(repository, now);
}
