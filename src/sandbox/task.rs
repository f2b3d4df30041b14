//! Verifications: what the legal person and the administrator do, and what the register answers.

use super::{Mistake, Moment, Push, Sandbox, event::Info, post::Sent};

/// How long the legal person, and after them the administrator, may take.
const SECONDS: u64 = 24 * 3600;

/// What the register can answer after the face check.
const REGISTER_ANSWERS: &[i32] = &[101, 102, 103, 104, 105, 1000];
/// States that no task ends with; 0 is a success, and comes of the administrator's confirmation.
const NO_ENDS: &[i32] = &[0, 1, 4, 5, 7, 8, 10, 12, 13, 89251, 89252];

/// A verification under way.
pub(super) struct Task {
    pub(super) stage: Stage,
    /// Since when it waits for whom it waits for.
    pub(super) since: u64,
    /// What the platform sent.
    pub(super) info: Info,
    /// By the 2026 form.
    pub(super) by_2026_form: bool,
}

/// For whom a task waits.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Stage {
    LegalPerson { idcard: bool, face: bool },
    Administrator,
}

/// What happens in a verification.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// The legal person has their ID card checked.
    LegalPersonChecksId,
    /// The legal person has their face checked; after the ID card.
    LegalPersonChecksFace,
    /// The legal person confirms, after both; the administrator is asked (push 89252).
    LegalPersonConfirms,
    /// The administrator confirms: no trial mini program any more (push 0).
    AdministratorConfirms,
    /// WeChat's real-name information and the legal person's name differ (push 100004).
    RealNameDiffers,
    /// The business register refuses after the face check, by one of 101, 102, 103, 104, 105, 1000.
    RegisterAnswers(i32),
    /// The task ends with this status, such as 3 (refused by the user) or 6 (face check failed) of the 2026 form.
    EndsWith(i32),
}

/// What a step leads to.
enum Next {
    Waits,
    Asks,
    Ends(i32, &'static str),
}

impl Step {
    /// The step of this name, such as `legal_person_confirms`; `register_answers` and `ends_with` need a status.
    ///
    /// # Errors
    /// No such step, or no such status.
    pub fn named(name: &str, status: Option<i32>) -> Result<Self, Mistake> {
        let status = || {
            status.ok_or(Mistake {
                field: "status",
                reason: "is missing: register_answers and ends_with need one",
            })
        };
        Ok(match name {
            "legal_person_checks_id" => Self::LegalPersonChecksId,
            "legal_person_checks_face" => Self::LegalPersonChecksFace,
            "legal_person_confirms" => Self::LegalPersonConfirms,
            "administrator_confirms" => Self::AdministratorConfirms,
            "real_name_differs" => Self::RealNameDiffers,
            "register_answers" => Self::RegisterAnswers(status()?),
            "ends_with" => Self::EndsWith(status()?),
            _ => {
                return Err(Mistake {
                    field: "step",
                    reason: "must be legal_person_checks_id, legal_person_checks_face, legal_person_confirms, \
                             administrator_confirms, real_name_differs, register_answers or ends_with",
                });
            }
        })
    }
}

impl Sandbox {
    /// One step of a mini program's verification, and what WeChat pushes because of it.
    ///
    /// # Errors
    /// No such mini program, no verification under way, and a step that cannot come now.
    pub fn verification_step(
        &mut self,
        app_id: &str,
        step: Step,
        now: u64,
        seed: [u8; 32],
    ) -> Result<Vec<Push>, Mistake> {
        let mut moment = Moment::new(now, seed);
        if self.minis_of(app_id).next().is_none() {
            return Err(Mistake {
                field: "appId",
                reason: "is no mini program that authorized a platform of this sandbox: addTrial first",
            });
        }
        let Some((platform, mini)) = self.minis_of(app_id).find(|(_, mini)| mini.task.is_some())
        else {
            return Err(wrong("has no verification under way"));
        };
        let Some(task) = &mut mini.task else {
            return Ok(Vec::new());
        };
        if task.timed_out(now) {
            return Err(wrong("waited for 24 hours: the verification has ended"));
        }
        let (status, why) = match task.take(step)? {
            Next::Waits => return Ok(Vec::new()),
            Next::Asks => {
                task.since = now;
                (
                    89252,
                    "the legal person confirmed; the administrator is asked",
                )
            }
            Next::Ends(status, why) => (status, why),
        };
        let sent = Sent::beta(platform, app_id, status, &task.info, why, now);
        if status != 89252 {
            mini.task = None;
        }
        if status == 0 {
            // Whichever platform asked for it.
            (self.minis_of(app_id)).for_each(|(_, mini)| mini.trial = false);
        }
        Ok(self.send(sent, &mut moment).into_iter().collect())
    }

    /// Ends every verification that nobody confirmed for 24 hours, and says what WeChat pushes because of it.
    pub fn due(&mut self, now: u64, seed: [u8; 32]) -> Vec<Push> {
        let mut moment = Moment::new(now, seed);
        let ended = end_overdue(self, now).into_iter();
        ended
            .filter_map(|sent| self.send(sent, &mut moment))
            .collect()
    }
}

/// Ends what is overdue, the oldest first.
pub(super) fn end_overdue(sandbox: &mut Sandbox, now: u64) -> Vec<Sent> {
    let mut ended = Vec::new();
    for platform in sandbox.platforms.values_mut() {
        for (app_id, mini) in &mut platform.minis {
            if let Some(task) = mini.task.take_if(|task| task.timed_out(now)) {
                ended.push((platform.app_id.clone(), app_id.clone(), task));
            }
        }
    }
    ended.sort_by_key(|(_, _, task)| task.since);
    ended
        .into_iter()
        .map(|(platform, app_id, task)| {
            let why = "nobody confirmed for 24 hours";
            let status = task.overdue_status();
            Sent::beta(&platform, &app_id, status, &task.info, why, now)
        })
        .collect()
}

impl Task {
    fn timed_out(&self, now: u64) -> bool {
        now.saturating_sub(self.since) >= SECONDS
    }

    /// What the 2026 form pushes is not published: 2 of its own list, assumed. An administrator who does not confirm is
    /// assumed to end as a legal person who does not.
    fn overdue_status(&self) -> i32 {
        match self.stage {
            _ if self.by_2026_form => 2,
            Stage::LegalPerson { idcard: false, .. } => 100_001,
            Stage::LegalPerson { face: false, .. } => 100_002,
            Stage::LegalPerson { .. } | Stage::Administrator => 100_003,
        }
    }

    fn take(&mut self, step: Step) -> Result<Next, Mistake> {
        let Stage::LegalPerson { idcard, face } = &mut self.stage else {
            return match step {
                Step::AdministratorConfirms => Ok(Next::Ends(
                    0,
                    "the administrator confirmed: no trial any more",
                )),
                Step::EndsWith(status) => ends_with(status),
                _ => Err(wrong(
                    "cannot come now: the verification waits for the administrator",
                )),
            };
        };
        match step {
            Step::LegalPersonChecksId => *idcard = true,
            Step::LegalPersonChecksFace if *idcard => *face = true,
            Step::LegalPersonChecksFace => {
                return Err(wrong("cannot come now: the ID card is checked first"));
            }
            Step::LegalPersonConfirms if *face => {
                self.stage = Stage::Administrator;
                return Ok(Next::Asks);
            }
            Step::RegisterAnswers(status) if *face => {
                if !REGISTER_ANSWERS.contains(&status) {
                    return Err(Mistake {
                        field: "status",
                        reason: "must be 101, 102, 103, 104, 105 or 1000",
                    });
                }
                return Ok(Next::Ends(status, "the business register refused"));
            }
            Step::LegalPersonConfirms | Step::RegisterAnswers(_) => {
                return Err(wrong("cannot come now: the face is checked first"));
            }
            Step::AdministratorConfirms => {
                return Err(wrong("cannot come now: the legal person confirms first"));
            }
            Step::RealNameDiffers => {
                let why = "WeChat's real-name information and the legal person's name differ";
                return Ok(Next::Ends(100_004, why));
            }
            Step::EndsWith(status) => return ends_with(status),
        }
        Ok(Next::Waits)
    }
}

fn ends_with(status: i32) -> Result<Next, Mistake> {
    if NO_ENDS.contains(&status) {
        return Err(Mistake {
            field: "status",
            reason: "is no end but a state on the way, or a success (administrator_confirms)",
        });
    }
    Ok(Next::Ends(status, "the test asked for this end"))
}

const fn wrong(reason: &'static str) -> Mistake {
    Mistake {
        field: "step",
        reason,
    }
}
