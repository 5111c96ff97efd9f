package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Parses expressions by recursive descent, one method per level of precedence, from the loosest:
 * conditional, or, and, not, comparison, sum, concatenation, product, power, unary, postfix and
 * filter, primary.
 */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");

    /** The longest chain of operators: evaluating it recurses as deep. */
    private static final int LONGEST_CHAIN = 400;

    /** The deepest tree of an expression: what goes through it recurses as deep. */
    private static final int HIGHEST = 500;

    private final TokenStream stream;

    /** How many expressions the current one is inside of. */
    private int inside;

    ExpressionParser(TokenStream stream) {
        this.stream = stream;
    }

    Expression parse() {
        enter();
        return leave(parseConditional());
    }

    /** An expression without a conditional at its top level. */
    Expression parseWithoutConditional() {
        enter();
        return leave(parseOr());
    }

    private void enter() {
        stream.enter();
        inside++;
    }

    private Expression leave(Expression result) {
        stream.leave();
        inside--;
        if (inside == 0) {
            requireHeight(result);
        }
        return result;
    }

    /** Refuses an expression that chains inside chains have made too deep. */
    private void requireHeight(Expression expression) {
        List<Expression> level = List.of(expression);
        for (int height = 1; !level.isEmpty(); height++) {
            if (height > HIGHEST) {
                throw stream.error("an expression nests more than " + HIGHEST + " levels");
            }
            List<Expression> next = new ArrayList<>();
            level.forEach(node -> next.addAll(Children.of(node)));
            level = next;
        }
    }

    /** One expression, or several with commas, which make a tuple. */
    Expression parseTuple(boolean conditional, String endName) {
        int line = stream.current().line();
        List<Expression> items = new ArrayList<>();
        boolean tuple = false;
        while (!isTupleEnd(endName)) {
            items.add(conditional ? parse() : parseWithoutConditional());
            if (!stream.skipOperator(",")) {
                break;
            }
            tuple = true;
        }
        if (tuple) {
            return new Expression.TupleOf(items, line);
        }
        if (items.isEmpty()) {
            throw stream.error(
                    "Expected an expression, got '" + stream.current().described() + "'");
        }
        return items.getFirst();
    }

    boolean isTupleEnd(String endName) {
        return stream.is(Token.Type.PRINT_END)
                || stream.is(Token.Type.BLOCK_END)
                || stream.isOperator(")")
                || stream.isName(endName);
    }

    private Expression parseConditional() {
        int line = stream.current().line();
        Expression result = parseOr();
        int length = 0;
        while (stream.skipName("if")) {
            chain(++length);
            Expression test = parseOr();
            Expression otherwise = stream.skipName("else") ? parse() : null;
            result = new Expression.Conditional(test, result, otherwise, line);
        }
        return result;
    }

    private Expression parseOr() {
        int line = stream.current().line();
        Expression left = parseAnd();
        for (int length = 1; stream.skipName("or"); length++) {
            chain(length);
            left = new Expression.Or(left, parseAnd(), line);
        }
        return left;
    }

    private Expression parseAnd() {
        int line = stream.current().line();
        Expression left = parseNot();
        for (int length = 1; stream.skipName("and"); length++) {
            chain(length);
            left = new Expression.And(left, parseNot(), line);
        }
        return left;
    }

    private Expression parseNot() {
        int line = stream.current().line();
        if (!stream.skipName("not")) {
            return parseComparison();
        }
        stream.enter();
        Expression operand = parseNot();
        stream.leave();
        return new Expression.Not(operand, line);
    }

    private Expression parseComparison() {
        int line = stream.current().line();
        Expression first = parseSum();
        List<Expression.Comparand> others = new ArrayList<>();
        while (true) {
            Token token = stream.current();
            String operator;
            if (token.type() == Token.Type.OPERATOR && COMPARISONS.contains(token.text())) {
                operator = stream.next().text();
            } else if (stream.skipName("in")) {
                operator = "in";
            } else if (token.isName("not") && stream.following().isName("in")) {
                stream.next();
                stream.next();
                operator = "notin";
            } else {
                break;
            }
            others.add(new Expression.Comparand(operator, parseSum()));
        }
        return others.isEmpty() ? first : new Expression.Comparisons(first, others, line);
    }

    private Expression parseSum() {
        int line = stream.current().line();
        Expression left = parseConcatenation();
        for (int length = 1; stream.isOperator("+") || stream.isOperator("-"); length++) {
            chain(length);
            String operator = stream.next().text();
            left = new Expression.Binary(operator, left, parseConcatenation(), line);
        }
        return left;
    }

    private Expression parseConcatenation() {
        int line = stream.current().line();
        Expression first = parseProduct();
        if (!stream.isOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>();
        parts.add(first);
        while (stream.skipOperator("~")) {
            parts.add(parseProduct());
        }
        return new Expression.Concatenation(parts, line);
    }

    private Expression parseProduct() {
        int line = stream.current().line();
        Expression left = parsePower();
        for (int length = 1; isProduct(stream.current()); length++) {
            chain(length);
            String operator = stream.next().text();
            left = new Expression.Binary(operator, left, parsePower(), line);
        }
        return left;
    }

    private static boolean isProduct(Token token) {
        return token.type() == Token.Type.OPERATOR && PRODUCTS.contains(token.text());
    }

    private Expression parsePower() {
        int line = stream.current().line();
        Expression left = parseUnary(true);
        for (int length = 1; stream.skipOperator("**"); length++) {
            chain(length);
            left = new Expression.Binary("**", left, parseUnary(true), line);
        }
        return left;
    }

    private Expression parseUnary(boolean withFilters) {
        int line = stream.current().line();
        stream.enter();
        Expression result;
        if (stream.skipOperator("-")) {
            result = new Expression.Negate(parseUnary(false), line);
        } else if (stream.skipOperator("+")) {
            result = new Expression.Plus(parseUnary(false), line);
        } else {
            result = parsePrimary();
        }
        result = parsePostfix(result, withFilters);
        stream.leave();
        return result;
    }

    /** Subscripts and calls, then filters and tests, after which only calls may follow. */
    private Expression parsePostfix(Expression operand, boolean withFilters) {
        Expression result = operand;
        int length = 0;
        boolean filtered = false;
        while (true) {
            if (!filtered && (stream.isOperator(".") || stream.isOperator("["))) {
                result = parseSubscript(result);
            } else if (stream.isOperator("(")) {
                int line = stream.current().line();
                result = new Expression.Call(result, parseParameters(), line);
            } else if (withFilters && stream.skipOperator("|")) {
                filtered = true;
                result = parseFilter(result);
            } else if (withFilters && stream.isName("is")) {
                filtered = true;
                result = parseTest(result);
            } else {
                return result;
            }
            chain(++length);
        }
    }

    private Expression parsePrimary() {
        Token token = stream.current();
        int line = token.line();
        switch (token.type()) {
            case NAME -> {
                stream.next();
                return switch (token.text()) {
                    case "true", "True" -> new Expression.Constant(true, line);
                    case "false", "False" -> new Expression.Constant(false, line);
                    case "none", "None" -> new Expression.Constant(None.NONE, line);
                    default -> new Expression.Name(token.text(), line);
                };
            }
            case STRING -> {
                StringBuilder text = new StringBuilder();
                while (stream.is(Token.Type.STRING)) {
                    text.append(stream.next().text());
                }
                return new Expression.Constant(text.toString(), line);
            }
            case INTEGER, FLOAT -> {
                return new Expression.Constant(stream.next().value(), line);
            }
            default -> {
                return parseBracketed(token);
            }
        }
    }

    private Expression parseBracketed(Token token) {
        if (token.isOperator("(")) {
            stream.next();
            Expression result =
                    stream.isOperator(")")
                            ? new Expression.TupleOf(List.of(), token.line())
                            : parseTuple(true, "");
            stream.expectOperator(")");
            return result;
        }
        if (token.isOperator("[")) {
            stream.next();
            List<Expression> items = new ArrayList<>();
            while (!stream.isOperator("]")) {
                items.add(parse());
                if (!stream.isOperator("]")) {
                    stream.expectOperator(",");
                }
            }
            stream.next();
            return new Expression.ListOf(items, token.line());
        }
        if (token.isOperator("{")) {
            return parseDict();
        }
        throw stream.error("unexpected '" + token.described() + "'");
    }

    private Expression parseDict() {
        int line = stream.next().line();
        List<Expression.Pair> pairs = new ArrayList<>();
        while (!stream.isOperator("}")) {
            Expression key = parse();
            stream.expectOperator(":");
            pairs.add(new Expression.Pair(key, parse()));
            if (!stream.isOperator("}")) {
                stream.expectOperator(",");
            }
        }
        stream.next();
        return new Expression.DictOf(pairs, line);
    }

    private Expression parseSubscript(Expression target) {
        int line = stream.current().line();
        if (stream.next().isOperator(".")) {
            Token name = stream.next();
            return switch (name.type()) {
                case NAME -> new Expression.Attribute(target, name.text(), line);
                case INTEGER ->
                        new Expression.Item(
                                target, new Expression.Constant(name.value(), line), line);
                default -> throw TemplateException.syntax("expected name or number", line);
            };
        }
        Expression result = parseIndex(target, line);
        if (stream.isOperator(",") && !(result instanceof Expression.Slice)) {
            result = parseTupleIndex((Expression.Item) result);
        }
        stream.expectOperator("]");
        return result;
    }

    private Expression parseTupleIndex(Expression.Item first) {
        List<Expression> items = new ArrayList<>();
        items.add(first.index());
        while (stream.skipOperator(",")) {
            items.add(parse());
        }
        return new Expression.Item(
                first.target(), new Expression.TupleOf(items, first.line()), first.line());
    }

    private Expression parseIndex(Expression target, int line) {
        Expression start = null;
        if (stream.isOperator("]")) {
            return new Expression.Item(target, new Expression.TupleOf(List.of(), line), line);
        }
        if (!stream.isOperator(":")) {
            start = parse();
            if (!stream.isOperator(":")) {
                return new Expression.Item(target, start, line);
            }
        }
        stream.next();
        Expression stop = parseBound();
        Expression step = stream.skipOperator(":") ? parseBound() : null;
        return new Expression.Slice(target, start, stop, step, line);
    }

    private @Nullable Expression parseBound() {
        boolean missing =
                stream.isOperator(":") || stream.isOperator("]") || stream.isOperator(",");
        return missing ? null : parse();
    }

    private Expression.Parameters parseParameters() {
        int line = stream.expectOperator("(").line();
        List<Expression> positional = new ArrayList<>();
        List<Expression.Keyword> keywords = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Expression more = null;
        Expression moreKeywords = null;
        while (!stream.isOperator(")")) {
            boolean ordered;
            if (stream.skipOperator("*")) {
                ordered = more == null && moreKeywords == null;
                more = parse();
            } else if (stream.skipOperator("**")) {
                ordered = moreKeywords == null;
                moreKeywords = parse();
            } else if (stream.is(Token.Type.NAME) && stream.following().isOperator("=")) {
                String name = stream.next().text();
                stream.next();
                ordered = moreKeywords == null && names.add(name);
                keywords.add(new Expression.Keyword(name, parse()));
            } else {
                ordered = more == null && moreKeywords == null && keywords.isEmpty();
                positional.add(parse());
            }
            if (!ordered) {
                throw TemplateException.syntax("invalid syntax for function call expression", line);
            }
            if (!stream.isOperator(")")) {
                stream.expectOperator(",");
            }
        }
        stream.next();
        return new Expression.Parameters(positional, keywords, more, moreKeywords);
    }

    /** A filter's name and arguments, after the bar. */
    Expression.Filter parseFilter(@Nullable Expression input) {
        int line = stream.current().line();
        String name = parseDottedName();
        Expression.Parameters parameters =
                stream.isOperator("(") ? parseParameters() : Expression.Parameters.NONE;
        return new Expression.Filter(input, name, parameters, line);
    }

    /** Filters joined by bars. */
    Expression.Filter parseFilters() {
        Expression.Filter result = parseFilter(null);
        int length = 0;
        while (stream.skipOperator("|")) {
            chain(++length);
            result = parseFilter(result);
        }
        return result;
    }

    private String parseDottedName() {
        StringBuilder name = new StringBuilder(stream.expect(Token.Type.NAME).text());
        while (stream.skipOperator(".")) {
            name.append('.').append(stream.expect(Token.Type.NAME).text());
        }
        return name.toString();
    }

    private Expression parseTest(Expression input) {
        int line = stream.next().line();
        boolean negated = stream.skipName("not");
        String name = parseDottedName();
        Expression.Parameters parameters = Expression.Parameters.NONE;
        if (stream.isOperator("(")) {
            parameters = parseParameters();
        } else if (isTestArgument(stream.current())) {
            if (stream.isName("is")) {
                throw stream.error("You cannot chain multiple tests with is");
            }
            Expression argument = parsePostfix(parsePrimary(), false);
            parameters = new Expression.Parameters(List.of(argument), List.of(), null, null);
        }
        Expression test = new Expression.Test(input, name, parameters, line);
        return negated ? new Expression.Not(test, line) : test;
    }

    private static boolean isTestArgument(Token token) {
        return switch (token.type()) {
            case NAME -> !Set.of("else", "or", "and").contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            default -> token.isOperator("[") || token.isOperator("{");
        };
    }

    private void chain(int length) {
        if (length > LONGEST_CHAIN) {
            throw stream.error("more than " + LONGEST_CHAIN + " operators in one expression");
        }
    }
}
