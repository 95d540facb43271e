import type { NewTurn } from '../sandbox-controls/dialogues.ts';

/** The same conversation for every platform: a question with a picture, three calls, and a second question. */
export const toldDialogue: readonly NewTurn[] = [
  {
    question: 'Was INV-7 paid?',
    images: [{ id: 'img-9', url: 'https://files.example/scan.png' }],
    steps: [
      { kind: 'thought', text: 'Look it up first.' },
      {
        kind: 'call',
        tool: 'find_invoice',
        arguments: { invoice: 'INV-7' },
        outcome: { state: 'succeeded', result: { paid: true } },
      },
      { kind: 'call', tool: 'find_customer', arguments: '{"id":', outcome: { state: 'failed', error: 'no such id' } },
      { kind: 'text', text: 'Yes.' },
    ],
    usage: { input_tokens: 100, output_tokens: 11 },
  },
  {
    question: 'Then refund it.',
    steps: [{ kind: 'call', tool: 'refund', arguments: { invoice: 'INV-7' }, outcome: { state: 'unapproved' } }],
    end: 'waiting',
  },
];
