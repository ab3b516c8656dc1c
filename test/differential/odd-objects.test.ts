// Holds us against git on objects that git itself never writes: bent headers, several signatures, repositories of the other hash.

import test, { after, before, suite } from 'node:test';

import type { ReasonCode } from '../../src/index.ts';
import { signatureHeaderLines } from '../support/build-object.ts';
import { append, bend, commitFrom, commitOf, EMPTY_TREE, NOWHERE } from '../support/differential-objects.ts';
import { assertAgreement } from '../support/differential.ts';
import type { Row } from '../support/differential.ts';
import { TestRepository } from '../support/repository.ts';
import { makeSshKey } from '../support/ssh-signer.ts';

const key = makeSshKey('ed25519');
const sign = (payload: Uint8Array): string => key.sign(payload);
const repositories: TestRepository[] = [];
after(() => Promise.all(repositories.map((each) => each.remove())));

function makeRepository(objectFormat: 'sha1' | 'sha256'): TestRepository {
  const repository = TestRepository.create({ objectFormat });
  repository.config('gpg.ssh.allowedSignersFile', repository.writeFile('allowed_signers', `a@example.com ${key.publicLine}\n`));
  repositories.push(repository);
  return repository;
}

function agree(repository: TestRepository, rows: Readonly<Record<string, Row>>): Promise<void> {
  return assertAgreement(repository, 'commit', rows);
}

const unsigned = commitOf({ parents: [NOWHERE] });
const armor = sign(unsigned);
const good = commitOf({ parents: [NOWHERE] }, sign);
/** The signature of something else. */
const stray = sign(Buffer.from('something else'));

/** The good commit with text put before the line that starts so. */
function insertBefore(start: string, text: string, bytes: Uint8Array = good): Buffer {
  return bend(bytes, new RegExp(`\\n(?=${start})`), `\n${text}`);
}

suite('signature headers', () => {
  let repository: TestRepository;
  before(() => {
    repository = makeRepository('sha1');
  });

  test('where they stand', async () => {
    const lines = signatureHeaderLines(armor, 'sha1');
    await agree(repository, {
      'at the end': [good, 'G'],
      'before the author': [insertBefore('author', lines, unsigned), 'G', ['HEADER_MISORDERED']],
      'before the committer': [insertBefore('committer', lines, unsigned), 'G', ['HEADER_MISORDERED']],
      'before the parent': [insertBefore('parent', lines, unsigned), 'G', ['HEADER_MISORDERED', 'HEADER_PARENTS_DIFFER']],
      'before the tree': [Buffer.concat([Buffer.from(lines), unsigned]), null],
      'in the message': [append(unsigned, lines), 'N'],
      'before another header': [
        bend(commitOf({ parents: [NOWHERE], extraHeaders: ['x-late value'] }, sign), /(x-late value\n)((?:.+\n)+)/, '$2$1'),
        'G',
      ],
    });
  });

  test('several', async () => {
    const lines = signatureHeaderLines(armor, 'sha1');
    const strayLines = signatureHeaderLines(stray, 'sha1');
    const several: readonly ReasonCode[] = ['SIGNATURE_SEVERAL'];
    // The second armor is text behind the END of the first.
    const behind: readonly ReasonCode[] = ['SSH_SIGNATURE_MALFORMED', ...several];
    await agree(repository, {
      'the same twice': [insertBefore('gpgsig', lines), 'G', behind],
      'bad, then good': [insertBefore('gpgsig', strayLines), 'B'],
      'good, then bad': [insertBefore('\\n', strayLines), 'G', behind],
      'good, then empty': [insertBefore('\\n', 'gpgsig \n'), 'G', several],
      'empty, then good': [insertBefore('gpgsig', 'gpgsig \n'), null],
      'apart, good first': [
        insertBefore('\\n', `x-foreign 1\n${strayLines}`, commitOf({ parents: [NOWHERE], extraHeaders: ['x-foreign 1'] }, sign)),
        'B',
      ],
      'apart, both signed over the same': [
        bend(
          commitOf({ parents: [NOWHERE], extraHeaders: ['x-foreign 1'] }, sign),
          'x-foreign 1\n',
          `gpgsig ${stray.split('\n')[0]}\nx-foreign 1\n`,
        ),
        'B',
      ],
      'in two halves': [bend(good, /\n (?=-----END)/, '\ngpgsig '), 'G', several],
      'in two halves, around another header': [
        bend(
          commitOf({ parents: [NOWHERE], extraHeaders: ['x-foreign 1'] }, sign),
          /(x-foreign 1\n)((?:.+\n)+) (-----END.*\n)/,
          '$2$1gpgsig $3',
        ),
        'G',
        several,
      ],
    });
  });

  test('names that begin like one', async () => {
    const unknown: readonly ReasonCode[] = ['HEADER_UNKNOWN_GPGSIG'];
    await agree(repository, {
      'gpgsigfoo with a value': [insertBefore('gpgsig', 'gpgsigfoo evil\n'), 'G', unknown],
      'gpgsigfoo with continuations': [insertBefore('gpgsig', 'gpgsigfoo evil\n and more\n and more\n'), 'G', unknown],
      'gpgsigfoo behind': [insertBefore('\\n', 'gpgsigfoo evil\n'), 'G', unknown],
      'gpgsig-sha512': [insertBefore('gpgsig', 'gpgsig-sha512 evil\n'), 'G', unknown],
      'gpgsig and a tab': [insertBefore('gpgsig', 'gpgsig\tevil\n'), 'G', unknown],
      'gpgsig and nothing': [insertBefore('gpgsig ', 'gpgsig\n'), 'G', ['SIGNATURE_SEVERAL']],
      'gpgsig and nothing, alone': [insertBefore('\\n', 'gpgsig\n', unsigned), 'N'],
      'gpgsigX alone, with a good signature': [bend(good, 'gpgsig ', 'gpgsigX '), 'N'],
      GPGSIG: [bend(good, 'gpgsig ', 'GPGSIG '), 'N'],
      ' gpgsig, a continuation': [bend(good, 'gpgsig ', ' gpgsig '), 'N'],
      'gpgsig-sha256 beside it': [insertBefore('gpgsig', signatureHeaderLines(stray, 'sha256')), 'G'],
      'gpgsig-sha256 alone': [bend(good, 'gpgsig ', 'gpgsig-sha256 '), 'N'],
      'the author named gpgsigauthor': [insertBefore('author', 'gpgsigauthor X <x@y> 1 +0000\n'), 'G', ['HEADER_MISORDERED', ...unknown]],
    });
  });

  test('values of every kind', async () => {
    await agree(repository, {
      'empty value': [insertBefore('\\n', 'gpgsig \n', unsigned), null],
      'only spaces': [insertBefore('\\n', 'gpgsig    \n', unsigned), null],
      'a space before the armor': [bend(good, 'gpgsig -', 'gpgsig  -'), null],
      'the armor on the second line': [bend(good, 'gpgsig -', 'gpgsig \n -'), null],
      'of no known format': [insertBefore('\\n', 'gpgsig something\n', unsigned), null],
      'PGP SIGNED MESSAGE': [insertBefore('\\n', 'gpgsig -----BEGIN PGP SIGNED MESSAGE-----\n', unsigned), null],
      'lower case': [bend(good, 'BEGIN SSH SIGNATURE', 'begin ssh signature'), null],
      'an armor line with more behind it': [bend(good, 'BEGIN SSH SIGNATURE-----', 'BEGIN SSH SIGNATURE-----x'), 'B'],
      'an empty continuation': [bend(good, '\n -----END', '\n \n -----END'), 'G'],
      'a continuation of two spaces': [bend(good, '\n -----END', '\n  -----END'), 'B'],
      'a tab for a continuation': [bend(good, '\n -----END', '\n\t-----END'), 'B'],
      'a NUL in the value': [bend(good, '\n -----END', '\0\n -----END'), 'G', ['HEADER_NUL']],
      'a carriage return in the value': [bend(good, '\n -----END', '\r\n -----END'), 'G'],
      'of no known format, and no committer': [bend(bend(good, /committer .*\n/, ''), 'BEGIN SSH', 'BEGIN ANY'), null],
    });
  });
});

suite('the header', () => {
  let repository: TestRepository;
  before(() => {
    repository = makeRepository('sha1');
  });
  const from = (change: (text: string) => string): Buffer => commitFrom(change, sign, { parents: [NOWHERE] });

  test('where it ends', async () => {
    await agree(repository, {
      'no empty line, no message': [
        Buffer.concat([
          unsigned.subarray(0, unsigned.indexOf('\n\n') + 1),
          Buffer.from(signatureHeaderLines(sign(unsigned.subarray(0, unsigned.indexOf('\n\n') + 1)), 'sha1')),
        ]),
        'G',
      ],
      'ends in the signature, without a line feed': [bend(commitOf({ parents: [NOWHERE], message: '' }, sign), /\n\n$/, ''), 'B'],
      'an empty line with a carriage return': [bend(good, '\n\n', '\n\r\n\n'), 'B'],
      'a carriage return, signed': [from((text) => text.replace('\n\n', '\n\r\n\n')), 'G'],
      'a space on the empty line, signed': [from((text) => text.replace('\n\n', '\n \n\n')), 'G'],
      'two empty lines': [from((text) => text.replace('\n\n', '\n\n\n')), 'G'],
    });
  });

  test('twice, missing, in another order', async () => {
    const duplicate: readonly ReasonCode[] = ['HEADER_DUPLICATE'];
    await agree(repository, {
      'two trees, the other behind': [
        from((text) => text.replace('\nparent', `\ntree ${NOWHERE}\nparent`)),
        'G',
        [...duplicate, 'HEADER_PARENTS_DIFFER'],
      ],
      'two authors': [from((text) => text.replace('\ncommitter', '\nauthor X <x@y> 1 +0000\ncommitter')), 'G', duplicate],
      'two committers': [from((text) => text.replace('\n\n', '\ncommitter X <x@y> 1 +0000\n\n')), 'G', duplicate],
      'two encodings': [from((text) => text.replace('\n\n', '\nencoding A\nencoding B\n\n')), 'G', duplicate],
      'no author': [from((text) => text.replace(/author .*\n/, '')), 'G', ['HEADER_MISORDERED', 'OBJECT_MALFORMED']],
      'no committer': [from((text) => text.replace(/committer .*\n/, '')), 'N'],
      'no tree': [from((text) => text.replace(/^tree .*\n/, '')), null],
      'committer before author': [from((text) => text.replace(/(author .*\n)(committer .*\n)/, '$2$1')), 'G', ['HEADER_MISORDERED']],
      'parent behind the author': [
        from((text) => text.replace(/(parent .*\n)(author .*\n)/, '$2$1')),
        'G',
        ['HEADER_MISORDERED', 'HEADER_PARENTS_DIFFER'],
      ],
      'a parent in the message': [from((text) => `${text}parent ${NOWHERE}\n`), 'G'],
      'parents between which a gpgsigx stands': [
        bend(commitOf({ parents: [NOWHERE, '2'.repeat(40)] }, sign), '\nparent 2', '\ngpgsigx y\nparent 2'),
        'G',
        ['HEADER_MISORDERED', 'HEADER_UNKNOWN_GPGSIG', 'HEADER_PARENTS_DIFFER'],
      ],
      'a foreign header before the author': [from((text) => text.replace('\nauthor', '\nforeign x\nauthor')), 'G', ['HEADER_MISORDERED']],
      'a NUL in the header': [from((text) => text.replace('\n\n', '\nx-foreign a\0b\n\n')), 'G', ['HEADER_NUL']],
      'a NUL before the committer': [from((text) => text.replace('author Test', 'author Te\0st')), 'N'],
      '300 parents': [
        commitOf({ parents: Array.from({ length: 300 }, (_, i) => (i + 256).toString(16).padStart(40, 'a')) }, sign),
        'G',
        ['PARENTS_TOO_MANY'],
      ],
      '1,100 headers': [commitOf({ extraHeaders: Array.from({ length: 1100 }, (_, i) => `x-${i} y`) }, sign), 'G', ['HEADER_TOO_MANY']],
      'a parent in upper case': [commitOf({ parents: ['ABCDEF'.padEnd(40, '0')] }, sign), 'G', ['HEADER_PARENTS_DIFFER']],
      'a tree in upper case': [from((text) => text.replace(EMPTY_TREE.sha1, EMPTY_TREE.sha1.toUpperCase())), 'G', ['OBJECT_MALFORMED']],
      'a parent that is too short': [commitOf({ parents: ['1234'] }, sign), null],
      'a parent that is too long': [commitOf({ parents: [`${NOWHERE}1`] }, sign), null],
      'a tree that is too long': [from((text) => text.replace(/^tree /, 'tree 1')), null],
      'a parent that is the tree': [commitOf({ parents: [EMPTY_TREE.sha1] }, sign), null],
      'the same parent twice': [commitOf({ parents: [NOWHERE, NOWHERE] }, sign), 'G'],
      'nothing but a tree': [Buffer.from(`tree ${EMPTY_TREE.sha1}\n`), null],
      'nothing but a tree and a letter': [Buffer.from(`tree ${EMPTY_TREE.sha1}\nx`), 'N'],
      'nothing but a tree and a parent': [Buffer.from(`tree ${EMPTY_TREE.sha1}\nparent ${NOWHERE}\n`), null],
      'nothing but a tree and half a parent': [Buffer.from(`tree ${EMPTY_TREE.sha1}\nparent ${NOWHERE}`), 'N'],
      'a tree that is no id': [from((text) => text.replace(/^tree ..../, 'tree wxyz')), null],
      empty: [Buffer.alloc(0), null],
      'only a line feed': [Buffer.from('\n'), null],
      'only a signature': [Buffer.from(signatureHeaderLines(stray, 'sha1')), null],
    });
  });

  test('committers that git can or cannot read', async () => {
    const committer = (value: string): Buffer => from((text) => text.replace(/committer .*/, `committer${value}`));
    await agree(repository, {
      'no mail': [committer(' Test 1700000000 +0000'), 'N'],
      'no end of the mail': [committer(' Test <test@example.com 1700000000 +0000'), 'N'],
      'no start of the mail': [committer(' Test test@example.com> 1700000000 +0000'), 'N'],
      'brackets the wrong way': [committer(' Test >test<'), 'N'],
      'an empty mail': [committer(' Test <> 1700000000 +0000'), 'G'],
      'an empty name': [committer(' <test@example.com> 1700000000 +0000'), 'G'],
      'nothing but brackets': [committer(' <>'), 'G'],
      'no space before the mail': [committer(' Test<test@example.com> 1700000000 +0000'), 'G'],
      'two mails': [committer(' Test <a@example.com> <b@example.com> 1700000000 +0000'), 'G'],
      empty: [committer(' '), 'N'],
      'without the space': [committer(''), 'N'],
      'a tab for the space': [committer('\tTest <test@example.com> 1700000000 +0000'), 'N'],
      'a NUL within the mail': [committer(' Test <te\0st@example.com> 1700000000 +0000'), 'N'],
      'a NUL behind the mail': [committer(' Test <test@example.com>\0 1700000000 +0000'), 'G', ['HEADER_NUL']],
      'a carriage return at the end': [committer(' Test <test@example.com> 1700000000 +0000\r'), 'G'],
    });
  });
});

test('a repository of SHA-256', async () => {
  const repository = makeRepository('sha256');
  const bytes = commitOf({}, undefined, 'sha256');
  const signed = commitOf({}, sign, 'sha256');
  const otherHash = signatureHeaderLines(stray, 'sha1');
  await agree(repository, {
    'its own header': [signed, 'G'],
    fudged: [append(signed, '!'), 'B'],
    'only the header of SHA-1': [bend(signed, 'gpgsig-sha256 ', 'gpgsig '), 'N'],
    'both, the other one bad': [bend(signed, '\ngpgsig-sha256', `\n${otherHash}gpgsig-sha256`), 'G'],
    'both, the own one bad': [bend(bend(signed, 'gpgsig-sha256 ', 'gpgsig '), '\n\n', `\n${signatureHeaderLines(stray, 'sha256')}\n`), 'B'],
    'own header twice': [
      bend(signed, '\n\n', `\n${signatureHeaderLines(stray, 'sha256')}\n`),
      'G',
      ['SSH_SIGNATURE_MALFORMED', 'SIGNATURE_SEVERAL'],
    ],
    'an unknown one': [bend(signed, '\ngpgsig-sha256', '\ngpgsig-sha512 x\ngpgsig-sha256'), 'G', ['HEADER_UNKNOWN_GPGSIG']],
    unsigned: [bytes, 'N'],
    'a parent of 40 digits': [commitOf({ parents: [NOWHERE] }, sign, 'sha256'), null],
  });
});
