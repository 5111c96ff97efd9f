package dev.snoozy.text.grammar;

import static dev.snoozy.text.grammar.Expression.call;
import static dev.snoozy.text.grammar.Expression.characters;
import static dev.snoozy.text.grammar.Expression.choice;
import static dev.snoozy.text.grammar.Expression.literal;
import static dev.snoozy.text.grammar.Expression.optional;
import static dev.snoozy.text.grammar.Expression.range;
import static dev.snoozy.text.grammar.Expression.sequence;
import static dev.snoozy.text.grammar.Expression.upTo;

import dev.snoozy.text.grammar.Expression.Call;
import dev.snoozy.text.grammar.Expression.Characters;
import dev.snoozy.text.grammar.Expression.Repeat;
import dev.snoozy.text.grammar.Expression.Rule;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The parts of JSON texts (RFC 8259). Narrower than the RFC where it would let a text go on for
 * ever: white space, digits and depth are bounded.
 */
final class JsonSyntax {
    /** Arrays and objects within each other where a schema does not say what is in them. */
    static final int DEPTH = 16;

    /** Digits of an integer, so that it fits 64 bits. */
    static final int INTEGER_DIGITS = 18;

    /** Digits before the point, and behind it: as many as F64 can tell apart. */
    static final int DECIMAL_DIGITS = 15;

    private static final int INDENT = 40;
    private static final int EXPONENT_DIGITS = 2;

    /** Characters that stand for themselves in a string. */
    static final CodePoints PLAIN =
            CodePoints.ANY.without(CodePoints.range(0, 0x1F)).without(CodePoints.of("\"\\"));

    static final Expression DIGIT = range('0', '9');

    /** Nothing, a space, or a new line with its indentation. */
    static final Expression SPACE =
            call(
                    "space",
                    optional(
                            choice(
                                    literal(" "),
                                    sequence(literal("\n"), upTo(INDENT, characters(" \t"))))));

    /** What stands between a name and its value. */
    static final Expression COLON = sequence(literal(":"), optional(literal(" ")));

    static final Expression COMMA = sequence(literal(","), SPACE);

    /** One character of a string, escaped or not. */
    static final Expression CHARACTER = character();

    static final Expression STRING = call("string", quoted(Expression.any(CHARACTER)));

    static final Expression INTEGER =
            call("integer", sequence(optional(literal("-")), natural(INTEGER_DIGITS)));

    static final Expression NUMBER = call("number", number());

    static final Expression BOOLEAN = choice(literal("true"), literal("false"));

    static final Expression NULL = literal("null");

    private static final List<Expression> OBJECTS = new ArrayList<>();
    private static final List<Expression> ARRAYS = new ArrayList<>();
    private static final List<Expression> VALUES = new ArrayList<>();

    static {
        Expression scalar = call("scalar", choice(STRING, NUMBER, BOOLEAN, NULL));
        VALUES.add(scalar);
        for (int depth = 0; depth < DEPTH; depth++) {
            Expression inner = VALUES.getLast();
            OBJECTS.add(call("object", map(STRING, inner)));
            ARRAYS.add(call("array", array(inner, 0, Expression.UNLIMITED)));
            VALUES.add(call("value", choice(scalar, OBJECTS.getLast(), ARRAYS.getLast())));
        }
    }

    private JsonSyntax() {}

    /** Any value; with {@value #DEPTH} arrays and objects within each other at most. */
    static Expression anyValue() {
        return VALUES.getLast();
    }

    static Expression anyObject() {
        return OBJECTS.getLast();
    }

    static Expression quoted(Expression body) {
        return sequence(literal("\""), body, literal("\""));
    }

    /** An object of any number of members. */
    static Expression map(Expression name, Expression value) {
        return object(List.of(), sequence(name, COLON, value));
    }

    /**
     * An object.
     *
     * @param members in their order, each with its name
     * @param more what other members may follow, if any may
     */
    static Expression object(List<Expression.Member> members, @Nullable Expression more) {
        return sequence(
                literal("{"),
                new Expression.Members(members, SPACE, COMMA, SPACE, more),
                literal("}"));
    }

    /** An array of elements that are all alike. */
    static Expression array(Expression element, int least, int most) {
        if (most == 0) {
            return literal("[]");
        }
        boolean endless = most == Expression.UNLIMITED;
        Expression others =
                new Repeat(
                        sequence(COMMA, element),
                        Math.max(0, least - 1),
                        endless ? Expression.UNLIMITED : most - 1);
        Expression filled = sequence(SPACE, element, others, SPACE);
        return sequence(literal("["), least == 0 ? optional(filled) : filled, literal("]"));
    }

    /** Digits without a leading zero. */
    static Expression natural(int digits) {
        return choice(literal("0"), sequence(range('1', '9'), upTo(digits - 1, DIGIT)));
    }

    private static Expression number() {
        Expression fraction = sequence(literal("."), new Repeat(DIGIT, 1, DECIMAL_DIGITS));
        Expression exponent =
                sequence(
                        characters("eE"),
                        optional(characters("+-")),
                        new Repeat(DIGIT, 1, EXPONENT_DIGITS));
        return sequence(
                optional(literal("-")),
                natural(DECIMAL_DIGITS),
                optional(fraction),
                optional(exponent));
    }

    /** Escapes of halves of surrogate pairs come in pairs only. */
    private static Expression character() {
        Expression hex = hex("0123456789ABCDEFabcdef");
        Expression four =
                choice(
                        sequence(hex("0123456789ABCEFabcef"), hex, hex, hex),
                        sequence(hex("Dd"), hex("01234567"), hex, hex));
        Expression pair =
                sequence(
                        hex("Dd"),
                        hex("89ABab"),
                        hex,
                        hex,
                        literal("\\u"),
                        hex("Dd"),
                        hex("CDEFcdef"),
                        hex,
                        hex);
        Expression escape =
                choice(characters("\"\\/bfnrt"), sequence(literal("u"), choice(four, pair)));
        return choice(new Characters(PLAIN), sequence(literal("\\"), escape));
    }

    private static Expression hex(String digits) {
        return characters(digits);
    }

    /** Whether an expression is a call already, or short enough to stand in several places. */
    static Expression shared(String name, Expression value) {
        return value instanceof Call || value instanceof Expression.Literal
                ? value
                : new Call(new Rule(name, value));
    }
}
