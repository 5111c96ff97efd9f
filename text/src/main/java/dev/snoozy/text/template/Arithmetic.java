package dev.snoozy.text.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** The arithmetic operators of Python, on numbers, strings, lists and tuples. */
final class Arithmetic {
    /** More digits than a float has: a quotient of large integers is rounded once. */
    private static final MathContext QUOTIENT = new MathContext(40);

    private final Runtime runtime;
    private final Budget budget;

    Arithmetic(Runtime runtime) {
        this.runtime = runtime;
        this.budget = runtime.budget();
    }

    Object apply(String operator, Object left, Object right) {
        if (operator.equals("%") && Types.isText(left)) {
            return PercentFormat.format(left, right, runtime);
        }
        requireDefined(left);
        requireDefined(right);
        if (Types.isNumber(left) && Types.isNumber(right)) {
            return left instanceof Double || right instanceof Double
                    ? floats(operator, Numbers.toDouble(left), Numbers.toDouble(right))
                    : integers(operator, left, right);
        }
        if (operator.equals("+")) {
            return join(left, right);
        }
        if (operator.equals("*") && isSequence(left) && Types.isInteger(right)) {
            return repeat(left, Numbers.index(right, "count"));
        }
        if (operator.equals("*") && Types.isInteger(left) && isSequence(right)) {
            return repeat(right, Numbers.index(left, "count"));
        }
        throw TemplateException.type(
                "unsupported operand type(s) for %s: '%s' and '%s'"
                        .formatted(operator, Types.name(left), Types.name(right)));
    }

    Object negate(Object value) {
        requireDefined(value);
        if (value instanceof Double number) {
            return -number;
        }
        requireNumber("-", value);
        return Numbers.of(Numbers.big(value).negate());
    }

    Object plus(Object value) {
        requireDefined(value);
        requireNumber("+", value);
        return value instanceof Boolean ? Numbers.of(Numbers.big(value)) : value;
    }

    private static void requireNumber(String operator, Object value) {
        if (!Types.isNumber(value)) {
            throw TemplateException.type(
                    "bad operand type for unary %s: '%s'".formatted(operator, Types.name(value)));
        }
    }

    private static void requireDefined(Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
    }

    private static boolean isSequence(Object value) {
        return Types.isText(value) || value instanceof List<?> || value instanceof Tuple;
    }

    private Object join(Object left, Object right) {
        if (Types.isText(left) && Types.isText(right)) {
            if (left instanceof String a && right instanceof String b) {
                budget.text((long) a.length() + b.length());
                return a + b;
            }
            String a = Markup.escape(left, runtime).text();
            String b = Markup.escape(right, runtime).text();
            budget.text((long) a.length() + b.length());
            return new Markup(a + b);
        }
        if (left instanceof List<?> && right instanceof List<?>) {
            return joined(Types.items(left), Types.items(right));
        }
        if (left instanceof Tuple && right instanceof Tuple) {
            return new Tuple(joined(Types.items(left), Types.items(right)));
        }
        if (Types.isText(left) || left instanceof List<?> || left instanceof Tuple) {
            throw TemplateException.type(
                    "can only concatenate %s (not \"%s\") to %s"
                            .formatted(Types.name(left), Types.name(right), Types.name(left)));
        }
        throw TemplateException.type(
                "unsupported operand type(s) for +: '%s' and '%s'"
                        .formatted(Types.name(left), Types.name(right)));
    }

    private List<Object> joined(List<?> left, List<?> right) {
        budget.elements((long) left.size() + right.size());
        List<Object> all = new ArrayList<>(left.size() + right.size());
        all.addAll(left);
        all.addAll(right);
        return all;
    }

    private Object repeat(Object sequence, long count) {
        long times = Math.clamp(count, 0, Integer.MAX_VALUE);
        if (Types.isText(sequence)) {
            String text = Types.text(sequence);
            budget.text(text.length() * times);
            String repeated = text.repeat(text.isEmpty() ? 0 : (int) times);
            return sequence instanceof Markup ? new Markup(repeated) : repeated;
        }
        List<?> items = Types.items(sequence);
        budget.elements(items.size() * times);
        List<Object> all = new ArrayList<>();
        for (long i = 0; i < times && !items.isEmpty(); i++) {
            all.addAll(items);
        }
        return sequence instanceof Tuple ? new Tuple(all) : all;
    }

    private Object integers(String operator, Object left, Object right) {
        if (left instanceof Long a && right instanceof Long b) {
            // Sums and products that stay within 64 bits, which is nearly all.
            long high = Math.multiplyHigh(a, b);
            long low = a * b;
            if (operator.equals("*") && (high == 0 && low >= 0 || high == -1 && low < 0)) {
                return low;
            }
            boolean small = Math.abs(a / 2) < 1L << 61 && Math.abs(b / 2) < 1L << 61;
            if (small && operator.equals("+")) {
                return a + b;
            }
            if (small && operator.equals("-")) {
                return a - b;
            }
        }
        return bigIntegers(operator, Numbers.big(left), Numbers.big(right));
    }

    private Object bigIntegers(String operator, BigInteger left, BigInteger right) {
        if (right.signum() == 0 && List.of("/", "//", "%").contains(operator)) {
            throw zeroDivision(
                    operator.equals("/")
                            ? "division by zero"
                            : "integer division or modulo by zero");
        }
        budget.integer(Math.max(left.bitLength(), right.bitLength()));
        return switch (operator) {
            case "+" -> Numbers.of(left.add(right));
            case "-" -> Numbers.of(left.subtract(right));
            case "*" -> {
                budget.integer((long) left.bitLength() + right.bitLength());
                yield Numbers.of(left.multiply(right));
            }
            case "/" -> quotient(left, right);
            case "//" -> Numbers.of(floorDivide(left, right)[0]);
            case "%" -> Numbers.of(floorDivide(left, right)[1]);
            default -> power(left, right);
        };
    }

    private static Object quotient(BigInteger left, BigInteger right) {
        double result = new BigDecimal(left).divide(new BigDecimal(right), QUOTIENT).doubleValue();
        if (Double.isInfinite(result)) {
            throw TemplateException.runtime(
                    "OverflowError", "integer division result too large for a float");
        }
        return result;
    }

    private static BigInteger[] floorDivide(BigInteger left, BigInteger right) {
        BigInteger[] result = left.divideAndRemainder(right);
        if (result[1].signum() != 0 && result[1].signum() != right.signum()) {
            result[0] = result[0].subtract(BigInteger.ONE);
            result[1] = result[1].add(right);
        }
        return result;
    }

    private Object power(BigInteger base, BigInteger exponent) {
        if (exponent.signum() < 0) {
            return floats("**", Numbers.toDouble(base), Numbers.toDouble(exponent));
        }
        boolean unit = base.bitLength() <= 1 && base.abs().compareTo(BigInteger.ONE) <= 0;
        if (unit) {
            return base.signum() >= 0 && (exponent.signum() > 0 || base.signum() > 0)
                    ? Numbers.of(base)
                    : Numbers.of(exponent.testBit(0) ? base : BigInteger.ONE);
        }
        long times = exponent.bitLength() > 31 ? Integer.MAX_VALUE : exponent.longValue();
        budget.integer(base.bitLength() * times);
        return Numbers.of(base.pow((int) times));
    }

    private static Object floats(String operator, double left, double right) {
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> {
                if (right == 0) {
                    throw zeroDivision("float division by zero");
                }
                yield left / right;
            }
            case "//" -> floorDivide(left, right);
            case "%" -> modulo(left, right);
            default -> power(left, right);
        };
    }

    private static double modulo(double left, double right) {
        if (right == 0) {
            throw zeroDivision("float modulo");
        }
        double rest = left % right;
        if (rest != 0) {
            return rest < 0 != right < 0 ? rest + right : rest;
        }
        return Math.copySign(0.0, right);
    }

    private static double floorDivide(double left, double right) {
        if (right == 0) {
            throw zeroDivision("float floor division by zero");
        }
        double quotient = (left - modulo(left, right)) / right;
        if (quotient == 0) {
            return Math.copySign(0.0, left / right);
        }
        double floor = Math.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double power(double base, double exponent) {
        if (base == 0 && exponent < 0) {
            throw zeroDivision("0.0 cannot be raised to a negative power");
        }
        if (base == 1 || exponent == 0) {
            return 1;
        }
        if (base < 0
                && Double.isFinite(base)
                && Double.isFinite(exponent)
                && exponent != Math.rint(exponent)) {
            throw TemplateException.value("complex numbers are not supported");
        }
        if (base == -1 && Double.isInfinite(exponent)) {
            return 1;
        }
        double result = Math.pow(base, exponent);
        if (Double.isInfinite(result) && Double.isFinite(base) && Double.isFinite(exponent)) {
            throw TemplateException.runtime("OverflowError", "Numerical result out of range");
        }
        return result;
    }

    private static TemplateException zeroDivision(String reason) {
        return TemplateException.runtime("ZeroDivisionError", reason);
    }
}
