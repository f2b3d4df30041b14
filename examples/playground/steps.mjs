// From a state to the four steps of the line. What the evidence does not tell stays unknown.
const STEPS = ['accepted', 'legalPerson', 'administrator', 'done'];

const [D, C, F, O, U] = ['done', 'current', 'failed', 'open', 'unknown'];

/** How each step stands, by the state. */
const BY_STATE = {
  succeeded: [D, D, D, D],
  waiting_for_legal_person: [D, C, O, O],
  waiting_for_administrator: [D, D, C, O],
  checking: [D, D, C, O],
  task_running: [D, U, U, O],
  face_check_failed: [D, F, O, F],
  legal_person_failed: [D, F, O, F],
  register_mismatch: [D, U, U, F],
  timed_out: [D, U, U, F],
  failed: [D, U, U, F],
  call_refused: [F, O, O, O],
  not_sent: [F, O, O, O],
  try_later: [F, O, O, O],
  not_a_trial: [F, O, O, O],
  blocked: [U, U, U, F],
};

/** For whom the legal person's step says: the statuses of a push that tell who let the 24 hours pass. */
const LEGAL_PERSON_LATE = [100001, 100002, 100003];

export function stepsOf({ state, errcode, status }) {
  let at = BY_STATE[state] ?? [U, U, U, U];
  if (state === 'timed_out' && LEGAL_PERSON_LATE.includes(status)) at = [D, F, O, F];
  // A refused call was not accepted, whatever the reason.
  if (errcode !== undefined && (state === 'blocked' || state === 'register_mismatch' || state === 'legal_person_failed'))
    at = [F, O, O, O];
  return STEPS.map((step, index) => [step, at[index]]);
}
