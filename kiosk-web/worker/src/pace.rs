//! Two threads or one? On a machine that is busy with other programs, two wait for each other and are slower.

/// Frames that are timed either way: the detector runs in one of so many.
const TRIED: u32 = 4;
/// Frames after which both ways are timed again.
const ROUND: u32 = 48;

/// Tries both ways by turns and keeps to the faster one. Counts frames in which a face was compared: the others cost less.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    frame: u32,
    /// Milliseconds of the frames timed in this round: by one thread, by two.
    ms: [f64; 2],
}

impl Pace {
    /// Whether one thread is to analyse the next frame.
    pub(crate) fn is_alone(&self) -> bool {
        match self.frame / TRIED {
            0 => true,
            1 => false,
            _ => self.ms[0] < self.ms[1],
        }
    }

    /// Takes how long that frame took.
    pub(crate) fn took(&mut self, ms: f64) {
        if let Some(sum) = self.ms.get_mut((self.frame / TRIED) as usize) {
            *sum += ms;
        }
        self.frame += 1;
        if self.frame == ROUND {
            *self = Self::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames analysed by one thread, of so many rounds, when a frame takes so long by one and by two.
    fn alone(rounds: u32, one: f64, two: f64) -> u32 {
        let mut pace = Pace::default();
        let mut count = 0;
        for _ in 0..rounds * ROUND {
            let alone = pace.is_alone();
            count += u32::from(alone);
            pace.took(if alone { one } else { two });
        }
        count
    }

    #[test]
    fn the_faster_way_is_kept_and_the_other_tried_again() {
        assert_eq!(alone(3, 40.0, 25.0), 3 * TRIED);
        assert_eq!(alone(3, 40.0, 60.0), 3 * (ROUND - TRIED));
    }

    #[test]
    fn a_machine_that_becomes_busy_changes_the_way() {
        let mut pace = Pace::default();
        for frame in 0..2 * ROUND {
            let busy = frame >= ROUND;
            let alone = pace.is_alone();
            if frame % ROUND >= 2 * TRIED {
                assert_eq!(alone, busy, "frame {frame}");
            }
            pace.took(if alone {
                40.0
            } else if busy {
                60.0
            } else {
                25.0
            });
        }
    }
}
