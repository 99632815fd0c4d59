//! Decides whether a request that failed may go out again: only when it certainly did nothing.

use std::time::Duration;

/// The longest pause a server may ask for and still be obeyed without asking the person.
const WAIT_MAX: Duration = Duration::from_mins(1);
/// Parameters dropped for one request: size, quality, style, response format and `n`. More cannot be dropped.
const DROPS_MAX: usize = 5;

/// What a failed request allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// It may have done something, or would fail the same way.
    Never,
    /// The connection was never made.
    NeverConnected,
    /// The server does not know this parameter.
    Without(String),
    /// The server asked to come back after this time.
    After(Duration),
}

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Give up and show the failure.
    GiveUp,
    /// Send the same at once.
    Repeat,
    /// Send without this parameter.
    Drop(String),
    /// Send the same after this pause.
    Wait(Duration),
}

/// What has been tried for one request.
#[derive(Clone, Debug, Default)]
pub(super) struct Tries {
    reconnected: bool,
    waited: bool,
    dropped: Vec<String>,
}

impl Tries {
    /// The next step, remembered.
    pub(super) fn next(&mut self, again: &Again) -> Step {
        match again {
            Again::NeverConnected if !self.reconnected => {
                self.reconnected = true;
                Step::Repeat
            }
            Again::After(pause) if !self.waited && *pause <= WAIT_MAX => {
                self.waited = true;
                Step::Wait(*pause)
            }
            Again::Without(name) if self.dropped.len() < DROPS_MAX && !self.dropped.contains(name) => {
                self.dropped.push(name.clone());
                Step::Drop(name.clone())
            }
            _ => Step::GiveUp,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(answers: &[Again], steps: &[Step]) {
        let mut tries = Tries::default();
        let got: Vec<Step> = answers.iter().map(|again| tries.next(again)).collect();
        assert_eq!(got, steps);
    }

    #[test]
    fn each_kind_of_repeat_happens_once() {
        let pause = Duration::from_secs(2);
        check(&[Again::Never], &[Step::GiveUp]);
        check(&[Again::NeverConnected, Again::NeverConnected], &[Step::Repeat, Step::GiveUp]);
        check(&[Again::After(pause), Again::After(pause)], &[Step::Wait(pause), Step::GiveUp]);
        let style = || Again::Without("style".to_owned());
        check(&[style(), style()], &[Step::Drop("style".to_owned()), Step::GiveUp]);
    }

    #[test]
    fn different_reasons_may_follow_each_other() {
        let pause = Duration::from_mins(1);
        check(
            &[Again::NeverConnected, Again::Without("size".to_owned()), Again::After(pause), Again::Never],
            &[Step::Repeat, Step::Drop("size".to_owned()), Step::Wait(pause), Step::GiveUp],
        );
    }

    #[test]
    fn long_pauses_are_left_to_the_person() {
        check(&[Again::After(WAIT_MAX + Duration::from_millis(1))], &[Step::GiveUp]);
    }

    #[test]
    fn dropping_ends() {
        let mut tries = Tries::default();
        for number in 0..DROPS_MAX {
            assert!(matches!(tries.next(&Again::Without(number.to_string())), Step::Drop(_)));
        }
        assert_eq!(tries.next(&Again::Without("more".to_owned())), Step::GiveUp);
    }
}
