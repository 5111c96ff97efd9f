package dev.snoozy.text.grammar;

import static dev.snoozy.text.grammar.Expression.EMPTY;
import static dev.snoozy.text.grammar.Expression.IMPOSSIBLE;
import static dev.snoozy.text.grammar.Expression.choice;
import static dev.snoozy.text.grammar.Expression.literal;
import static dev.snoozy.text.grammar.Expression.range;
import static dev.snoozy.text.grammar.Expression.sequence;
import static dev.snoozy.text.grammar.Expression.upTo;
import static dev.snoozy.text.grammar.JsonSyntax.DIGIT;

import dev.snoozy.text.grammar.Expression.Repeat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Numbers between bounds, digit by digit, as they stand in JSON. */
final class NumberRanges {
    /**
     * A bound of numbers.
     *
     * @param exclusive whether the bound itself is beyond
     */
    record Bound(BigDecimal value, boolean exclusive) {
        Bound negated() {
            return new Bound(value.negate(), exclusive);
        }
    }

    private static final Bound ZERO = new Bound(BigDecimal.ZERO, false);

    private NumberRanges() {}

    /** The integers from {@code least} to {@code most}; impossible if there are none. */
    static Expression integers(BigInteger least, BigInteger most) {
        List<Expression> options = new ArrayList<>();
        if (least.signum() < 0) {
            BigInteger nearest = most.signum() < 0 ? most.negate() : BigInteger.ONE;
            options.add(sequence(literal("-"), naturals(nearest, least.negate())));
        }
        if (most.signum() >= 0) {
            options.add(naturals(least.max(BigInteger.ZERO), most));
        }
        return options.isEmpty() ? IMPOSSIBLE : new Expression.Choice(options);
    }

    private static Expression naturals(BigInteger least, BigInteger most) {
        List<Expression> options = new ArrayList<>();
        int longest = most.toString().length();
        for (int length = least.toString().length(); length <= longest; length++) {
            BigInteger first = length == 1 ? BigInteger.ZERO : BigInteger.TEN.pow(length - 1);
            BigInteger last = BigInteger.TEN.pow(length).subtract(BigInteger.ONE);
            BigInteger from = first.max(least);
            BigInteger to = last.min(most);
            if (from.compareTo(to) <= 0) {
                options.add(between(from.toString(), to.toString()));
            }
        }
        return options.isEmpty() ? IMPOSSIBLE : new Expression.Choice(options);
    }

    /** Digits from one row to another of the same length. */
    private static Expression between(String from, String to) {
        if (from.isEmpty()) {
            return EMPTY;
        }
        String zeros = "0".repeat(to.length() - 1);
        String nines = "9".repeat(to.length() - 1);
        if (from.equals(zeros + '0') && to.equals(nines + '9')) {
            return new Repeat(DIGIT, to.length(), to.length());
        }
        char low = from.charAt(0);
        char high = to.charAt(0);
        String fromRest = from.substring(1);
        String toRest = to.substring(1);
        if (low == high) {
            return sequence(range(low, low), between(fromRest, toRest));
        }
        Expression middle =
                low + 1 < high
                        ? sequence(
                                range(low + 1, high - 1),
                                new Repeat(DIGIT, toRest.length(), toRest.length()))
                        : IMPOSSIBLE;
        return choice(
                sequence(range(low, low), between(fromRest, nines)),
                middle,
                sequence(range(high, high), between(zeros, toRest)));
    }

    /**
     * The decimal numbers between two bounds, without exponent.
     *
     * @param digits the most digits behind the point
     */
    static Expression decimals(Bound least, Bound most, int digits) {
        List<Expression> options = new ArrayList<>();
        if (least.value().signum() < 0) {
            boolean zeroToo = most.value().signum() > 0;
            Bound nearest = zeroToo ? ZERO : most.negated();
            options.add(sequence(literal("-"), positive(nearest, least.negated(), digits)));
        }
        if (most.value().signum() >= 0) {
            Bound from = least.value().signum() < 0 ? ZERO : least;
            options.add(positive(from, most, digits));
        }
        return options.isEmpty() ? IMPOSSIBLE : new Expression.Choice(options);
    }

    private static Expression positive(Bound least, Bound most, int digits) {
        BigInteger low = least.value().setScale(0, RoundingMode.FLOOR).toBigInteger();
        BigInteger high = most.value().setScale(0, RoundingMode.FLOOR).toBigInteger();
        Expression above = atLeast(fraction(least.value()), least.exclusive(), digits);
        Expression below = atMost(fraction(most.value()), most.exclusive(), digits);
        if (low.equals(high)) {
            return sequence(literal(low.toString()), new Expression.Both(above, below));
        }
        if (low.compareTo(high) > 0) {
            return IMPOSSIBLE;
        }
        return choice(
                sequence(literal(low.toString()), above),
                sequence(
                        integers(low.add(BigInteger.ONE), high.subtract(BigInteger.ONE)),
                        anyFraction(digits)),
                sequence(literal(high.toString()), below));
    }

    /** The digits behind the point, without zeros at the end. */
    private static String fraction(BigDecimal value) {
        BigDecimal part = value.remainder(BigDecimal.ONE).stripTrailingZeros();
        return part.signum() == 0 ? "" : part.toPlainString().substring(2);
    }

    private static Expression anyFraction(int digits) {
        return digits == 0
                ? EMPTY
                : Expression.optional(sequence(literal("."), new Repeat(DIGIT, 1, digits)));
    }

    /** A point and digits that are at least so many parts of one. */
    private static Expression atLeast(String bound, boolean exclusive, int digits) {
        if (bound.isEmpty() && !exclusive) {
            return anyFraction(digits);
        }
        return digits == 0 ? IMPOSSIBLE : sequence(literal("."), rising(bound, exclusive, digits));
    }

    private static Expression rising(String bound, boolean exclusive, int digits) {
        if (bound.isEmpty()) {
            return exclusive ? notZero(digits) : upTo(digits, DIGIT);
        }
        if (digits == 0) {
            return IMPOSSIBLE;
        }
        char first = bound.charAt(0);
        Expression larger =
                first < '9' ? sequence(range(first + 1, '9'), upTo(digits - 1, DIGIT)) : IMPOSSIBLE;
        Expression rest = rising(bound.substring(1), exclusive, digits - 1);
        return choice(larger, sequence(range(first, first), rest));
    }

    private static Expression notZero(int digits) {
        Expression result = IMPOSSIBLE;
        for (int rest = 0; rest < digits; rest++) {
            Expression now = sequence(range('1', '9'), upTo(rest, DIGIT));
            result = choice(now, sequence(literal("0"), result));
        }
        return result;
    }

    /** Nothing, or a point and digits, that are at most so many parts of one. */
    private static Expression atMost(String bound, boolean exclusive, int digits) {
        if (bound.isEmpty() && exclusive) {
            return IMPOSSIBLE;
        }
        if (digits == 0) {
            return EMPTY;
        }
        return bound.isEmpty()
                ? Expression.optional(sequence(literal("."), new Repeat(literal("0"), 1, digits)))
                : Expression.optional(sequence(literal("."), falling(bound, exclusive, digits)));
    }

    private static Expression falling(String bound, boolean exclusive, int digits) {
        if (digits == 0) {
            return IMPOSSIBLE;
        }
        char first = bound.charAt(0);
        String rest = bound.substring(1);
        Expression smaller =
                first > '0' ? sequence(range('0', first - 1), upTo(digits - 1, DIGIT)) : IMPOSSIBLE;
        Expression after;
        if (rest.isEmpty()) {
            after = exclusive ? IMPOSSIBLE : upTo(digits - 1, literal("0"));
        } else {
            after = Expression.optional(falling(rest, exclusive, digits - 1));
        }
        return choice(smaller, sequence(range(first, first), after));
    }
}
