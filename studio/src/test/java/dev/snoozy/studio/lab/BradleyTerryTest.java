package dev.snoozy.studio.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.studio.lab.BradleyTerry.Rating;
import dev.snoozy.studio.store.Votes.Vote;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

class BradleyTerryTest {
    private static List<Vote> votes(int left, int right, int ties) {
        List<Vote> votes = new ArrayList<>();
        votes.addAll(Collections.nCopies(left, new Vote("a", "b", "left")));
        votes.addAll(Collections.nCopies(right, new Vote("a", "b", "right")));
        votes.addAll(Collections.nCopies(ties, new Vote("a", "b", "tie")));
        return votes;
    }

    /**
     * Worked out by hand: nine wins and one loss, and six draws each against the average. By
     * symmetry a = -b = t, and the slope 9 + 3 - 10 / (1 + exp(-2t)) - 6 / (1 + exp(-t)) is zero at
     * t = ln 2, where the two probabilities are 4/5 and 2/3. The curvature there is [[c + d, -c],
     * [-c, c + d]] with c = 10 · 4/5 · 1/5 = 8/5 and d = 6 · 2/3 · 1/3 = 4/3, whose inverse has the
     * diagonal (c + d) / (d · (2c + d)).
     */
    @Test
    void twoModelsAreRatedAsByHand() {
        List<Rating> ratings = new BradleyTerry(6).ratings(votes(9, 1, 0));
        double points = 400 / Math.log(10);
        double c = 8.0 / 5;
        double d = 4.0 / 3;
        double half = points * 1.959964 * Math.sqrt((c + d) / (d * (2 * c + d)));
        Rating a = ratings.getFirst();
        Rating b = ratings.getLast();
        assertThat(a.name()).isEqualTo("a");
        assertThat(a.rating()).isCloseTo(1000 + points * Math.log(2), within(1e-6));
        assertThat(b.rating()).isCloseTo(1000 - points * Math.log(2), within(1e-6));
        assertThat(a.high() - a.rating()).isCloseTo(half, within(1e-4));
        assertThat(b.rating() - b.low()).isCloseTo(half, within(1e-4));
        assertThat(a.games()).isEqualTo(10);
    }

    @Test
    void aTieIsHalfAWinForBoth() {
        List<Rating> drawn = new BradleyTerry(1).ratings(votes(0, 0, 4));
        assertThat(drawn).extracting(Rating::rating).allMatch(r -> Math.abs(r - 1000) < 1e-6);
        List<Rating> withTies = new BradleyTerry(1).ratings(votes(2, 0, 2));
        List<Rating> without = new BradleyTerry(1).ratings(votes(3, 1, 0));
        assertThat(withTies.getFirst().rating())
                .isCloseTo(without.getFirst().rating(), within(1e-6));
    }

    @Test
    void whoHasOnlyWonHasARatingAndMoreGamesMakeItSurer() {
        List<Rating> few = new BradleyTerry(1).ratings(votes(3, 0, 0));
        assertThat(few.getFirst().rating()).isBetween(1000.0, 2000.0);
        double wide = few.getFirst().high() - few.getFirst().low();
        List<Rating> many = new BradleyTerry(1).ratings(votes(60, 40, 0));
        assertThat(many.getFirst().high() - many.getFirst().low()).isLessThan(wide);
        List<Rating> thousands = new BradleyTerry(1).ratings(votes(5000, 0, 0));
        assertThat(thousands.getFirst().rating()).isFinite();
    }

    @Test
    void ratingsFollowChainsOfComparisons() {
        List<Vote> votes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            votes.add(new Vote("best", "good", i < 6 ? "left" : "right"));
            votes.add(new Vote("bad", "good", i < 6 ? "right" : "left"));
        }
        votes.add(new Vote("good", "good", "left"));
        List<Rating> ratings = new BradleyTerry(1).ratings(votes);
        assertThat(ratings).extracting(Rating::name).containsExactly("best", "good", "bad");
        assertThat(ratings.get(1).games()).isEqualTo(16);
    }

    @Test
    void withoutVotesThereAreNoRatings() {
        assertThat(new BradleyTerry(1).ratings(List.of())).isEmpty();
        assertThatThrownBy(() -> new BradleyTerry(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
