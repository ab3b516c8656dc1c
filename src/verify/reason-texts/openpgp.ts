// Words for the reasons of OpenPGP signatures and certificates.

import type { OpenpgpReason } from '../../signature/index.ts';
import type { ReasonText } from './types.ts';

const SIGN_AGAIN = ['git commit --amend --no-edit -S', "git tag -s -f NAME 'NAME^{}'"];
const SHOW_KEY = 'gpg --list-keys --with-subkey-fingerprints KEY';

export const OPENPGP_TEXTS = {
  OPENPGP_SIGNATURE_MALFORMED: {
    title: 'unreadable OpenPGP signature',
    severity: 'error',
    explain:
      'The signature says that it is an OpenPGP one, but its armor or its packets are not written as the standard says: damaged base64 or a wrong checksum, a missing END line, text or packets beside the signature. ' +
      'gpg overlooks some of this; here it is refused, because whatever stands beside a signature can be changed without the key. Usually a tool that re-wraps or trims text damaged it on the way.',
    fix: 'If it is yours, sign it again.',
    commands: SIGN_AGAIN,
  },
  OPENPGP_SIGNATURE_BAD: {
    title: 'bad OpenPGP signature',
    severity: 'error',
    explain:
      'The signature is well formed, but it was not made over this content by the key it names. Either the object was changed after it was signed, or the signature was taken from another object. ' +
      'A tool that rewrites history (filter-repo, an import, a bot) and copies the old signature causes this as well.',
    fix: 'Do not trust the content. Compare it with what its author has. If you rewrote it yourself, sign it again.',
    commands: ['git show --format=raw OBJECT', ...SIGN_AGAIN],
  },
  OPENPGP_SIGNATURE_MULTIPLE: {
    title: 'several OpenPGP signatures',
    severity: 'error',
    explain:
      'There is more than one OpenPGP signature where one belongs. Programs disagree on which one counts, which has been used to make a bad one look good; git answers that it cannot check it.',
    fix: 'If it is yours, sign it again; that leaves one signature.',
    commands: SIGN_AGAIN,
  },
  OPENPGP_SIGNATURE_NOT_DETACHED: {
    title: 'OpenPGP message in place of a signature',
    severity: 'error',
    explain:
      'The signature brings along data of its own. Such a message verifies for the data inside it, not for the commit or tag, and has been used to make old signatures pass for new ones.',
    fix: 'Treat it as an attack unless you know how it came about. If it is yours, sign with git.',
    commands: SIGN_AGAIN,
  },
  OPENPGP_SIGNATURE_TYPE_WRONG: {
    title: 'OpenPGP signature of another kind',
    severity: 'error',
    explain:
      'The signature is not one over a document (it may be the certification of a key, or a timestamp), or it is one over text whose line ends and long lines gpg does not count as they are. Its maker did not sign exactly this commit or tag with it.',
    fix: 'If it is yours, sign with git.',
    commands: SIGN_AGAIN,
  },
  OPENPGP_SIGNATURE_VERSION_UNSUPPORTED: {
    title: 'OpenPGP signature of an unsupported version',
    severity: 'error',
    explain:
      'The signature is of a version that is not checked here: too old (version 3 and before), of a draft that never became a standard (version 5), or newer than this program.',
    fix: 'Sign again with a current program, which makes version 4 or 6.',
    commands: ['gpg --version', ...SIGN_AGAIN],
  },
  OPENPGP_ALGORITHM_UNSUPPORTED: {
    title: 'OpenPGP signature with an unsupported algorithm',
    severity: 'error',
    explain:
      'The signature uses a public-key algorithm, a curve or a hash that is not known here, or that the OpenSSL of this Node.js leaves out.',
    fix: 'Sign with an Ed25519 or RSA key.',
    commands: ["gpg --quick-generate-key 'NAME <MAIL>' ed25519 sign 2y", ...SIGN_AGAIN],
  },
  OPENPGP_ALGORITHM_WEAK: {
    title: 'OpenPGP signature with a weak algorithm',
    severity: 'error',
    explain:
      'The signature rests on a hash that is broken or too short (MD5, SHA-1, RIPEMD-160), so it may have been made for another content, or on an RSA key below 1,024 bits. gpg still takes some of these.',
    fix: 'Sign again; gpg uses SHA-256 or better unless its configuration says otherwise (look for `digest-algo` and `personal-digest-preferences`). If the key is short, make a new one.',
    commands: ['grep digest ~/.gnupg/gpg.conf', ...SIGN_AGAIN],
  },
  OPENPGP_SIGNATURE_EXPIRED: {
    title: 'expired OpenPGP signature',
    severity: 'error',
    explain:
      'The signer gave the signature itself a date of expiry, and that date is past: it was meant to count until then and no longer.',
    fix: 'If it is still wanted, have it signed again. `default-sig-expire` in gpg.conf sets such a date; for git history leave it out.',
    commands: SIGN_AGAIN,
  },
  OPENPGP_SIGNATURE_BEFORE_KEY: {
    title: 'OpenPGP signature older than its key',
    severity: 'error',
    explain:
      'The signature claims to have been made before the key that made it existed, or the key itself is dated in the future. A clock was wrong, or the date was set by hand.',
    fix: "Check the signer's clock and sign again.",
    commands: [SHOW_KEY, ...SIGN_AGAIN],
  },
  OPENPGP_CRITICAL_UNKNOWN: {
    title: 'OpenPGP signature with an unknown condition',
    severity: 'error',
    explain:
      'The signature carries a field that its maker marked as critical and that is not known here. Who does not understand a critical field must take the signature as bad (RFC 9580 §5.2.3.7).',
    fix: 'Find out which program made it (often a `cert-notation` or `sig-notation` in gpg.conf that begins with `!`), and sign again without it.',
    commands: ['gpg --list-packets SIGNATURE', ...SIGN_AGAIN],
  },
  OPENPGP_TRUST_NOT_GIVEN: {
    title: 'no keyring given',
    severity: 'error',
    explain: 'The signature is an OpenPGP one, and there is no keyring to check it with: none was given, and none was found.',
    fix: 'Give a file with the public keys of the people you trust, from a source that the people you judge cannot change.',
    commands: ['gpg --export --armor KEY > keyring.asc', 'countersign verify --keyring keyring.asc'],
  },
  OPENPGP_KEY_UNKNOWN: {
    title: 'OpenPGP key not in the keyring',
    severity: 'error',
    explain:
      'No certificate in the keyring has the key that the signature names, so it could not be checked: it may be good or bad. The certificate you have may be too old to list a newer sub-key. ' +
      'Also refused so: a signature that verifies under one key and names the fingerprint of another.',
    fix: 'Get the current certificate from the person, compare its fingerprint over a channel you trust, and add it to the keyring.',
    commands: ['gpg --show-keys --with-subkey-fingerprints FILE', 'gpg --export --armor KEY >> keyring.asc'],
  },
  OPENPGP_KEY_UNUSABLE: {
    title: 'OpenPGP key without a valid self-signature',
    severity: 'error',
    explain:
      'The certificate holds the key, but no valid signature of its owner that says so. Anyone can put a key into a file; what makes it part of a certificate is the signature of the primary key.',
    fix: 'Get a complete and current copy of the certificate from its owner.',
    commands: [SHOW_KEY, 'gpg --export --armor KEY > keyring.asc'],
  },
  OPENPGP_KEY_NOT_FOR_SIGNING: {
    title: 'OpenPGP key that may not sign',
    severity: 'error',
    explain: 'The certificate says that this key is for something else (certifying or encrypting, for example), not for signing data.',
    fix: 'Add a sub-key for signing, have the keyring updated, and sign again.',
    commands: ['gpg --quick-add-key FINGERPRINT ed25519 sign 2y', ...SIGN_AGAIN],
  },
  OPENPGP_SUBKEY_NOT_BACKED: {
    title: 'OpenPGP sub-key that does not know its certificate',
    severity: 'error',
    explain:
      "The certificate claims a signing sub-key, but the sub-key has not signed back that it belongs there. Without that, anyone could put a stranger's key into a certificate and pass the stranger's signatures off as their own.",
    fix: 'If the certificate is yours, let gpg add the missing signature and send the certificate to those who verify. If it is not, treat it as an attack.',
    commands: ['gpg --edit-key KEY cross-certify save'],
  },
  OPENPGP_KEY_EXPIRED: {
    title: 'expired OpenPGP key',
    severity: 'error',
    explain:
      'The key that signed, or the primary key of its certificate, has expired by now. It is refused even if it was valid when it signed: the date of signing is what the signer says it is. gpg and git say the same (letter `Y`).',
    fix: 'The owner can extend the key at any time, which mends its whole history; then update the keyring with the new copy.',
    commands: [
      'gpg --quick-set-expire FINGERPRINT 2y',
      "gpg --quick-set-expire FINGERPRINT 2y '*'",
      'gpg --export --armor KEY > keyring.asc',
    ],
  },
  OPENPGP_KEY_REVOKED: {
    title: 'revoked OpenPGP key',
    severity: 'error',
    explain:
      'The owner has revoked the key that signed, or its certificate. All its signatures are refused, also those that claim to be older and whatever the reason for revoking was. gpg and git say the same (letter `R`).',
    fix: 'Have what you still need signed again with a key that is trusted.',
    commands: [SHOW_KEY, ...SIGN_AGAIN],
  },
  OPENPGP_KEY_UNTRUSTED: {
    title: 'OpenPGP key in the keyring, but not trusted',
    severity: 'error',
    explain:
      "The signature is good and the key is in your own gpg keyring, but nothing there says that it belongs to the person it names (or less than your `gpg.minTrustLevel` asks for): anyone can make a key with anyone's name on it. " +
      'Without a `gpg.minTrustLevel` git shows the letter `U` and yet ends with success.',
    fix: 'Compare the fingerprint over a channel you trust, then certify the key; or give the trusted keys in a file of their own.',
    commands: ['gpg --fingerprint KEY', 'gpg --quick-lsign-key FINGERPRINT', 'countersign verify --keyring keyring.asc'],
  },
} as const satisfies Record<OpenpgpReason, ReasonText>;
