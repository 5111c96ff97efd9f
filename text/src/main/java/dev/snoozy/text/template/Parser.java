package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Parses the statements of a template. */
final class Parser {
    private static final Set<String> CONSTANTS =
            Set.of("true", "false", "none", "True", "False", "None");

    private final TokenStream stream;
    private final ExpressionParser expressions;
    private final Deque<String> openTags = new ArrayDeque<>();
    private final Deque<List<String>> endings = new ArrayDeque<>();
    private final Set<String> blockNames = new HashSet<>();

    /** Loops around the current statement, within the same macro. */
    private int loops;

    private Parser(TokenStream stream) {
        this.stream = stream;
        this.expressions = new ExpressionParser(stream);
    }

    static List<Statement> parse(String source) {
        return new Parser(new TokenStream(Lexer.tokens(source))).parseBody(List.of());
    }

    /** Statements up to one of the tags, of which the name is the current token. */
    private List<Statement> parseBody(List<String> ends) {
        if (!ends.isEmpty()) {
            endings.push(ends);
        }
        List<Statement> body = new ArrayList<>();
        while (!stream.is(Token.Type.END)) {
            Token token = stream.next();
            switch (token.type()) {
                case DATA -> body.add(new Statement.Text(token.text(), token.line()));
                case PRINT_BEGIN -> {
                    Expression value = expressions.parseTuple(true, "");
                    body.add(new Statement.Print(value, token.line()));
                    stream.expect(Token.Type.PRINT_END);
                }
                default -> {
                    if (stream.is(Token.Type.NAME) && ends.contains(stream.current().text())) {
                        endings.pop();
                        return body;
                    }
                    parseStatement(body);
                    stream.expect(Token.Type.BLOCK_END);
                }
            }
        }
        if (!ends.isEmpty()) {
            throw unexpectedEnd();
        }
        return body;
    }

    private void parseStatement(List<Statement> body) {
        if (!stream.is(Token.Type.NAME)) {
            throw stream.error("tag name expected");
        }
        Token tag = stream.next();
        int line = tag.line();
        openTags.push(tag.text());
        stream.enter();
        switch (tag.text()) {
            case "for" -> body.add(parseFor(line));
            case "if" -> body.add(parseIf(line));
            case "set" -> body.add(parseSet(line));
            case "macro" -> body.add(parseMacro(line));
            case "call" -> body.add(parseCall(line));
            case "filter" -> {
                Expression.Filter filter = expressions.parseFilters();
                List<Statement> content = parseUntil("endfilter");
                body.add(new Statement.FilterBlock(filter, content, new Layout(), line));
            }
            case "with" -> body.add(parseWith(line));
            case "block" -> body.add(parseBlock(line));
            case "generation" -> body.add(parseGeneration(line));
            case "print" -> parsePrint(body);
            case "break", "continue" -> body.add(parseLoopControl(tag));
            case "include", "import", "from", "extends", "autoescape" ->
                    body.add(parseUnavailable(tag));
            default -> {
                openTags.pop();
                throw unknownTag(tag);
            }
        }
        stream.leave();
        openTags.pop();
    }

    /** A body with one possible end, which is consumed. */
    private List<Statement> parseUntil(String end) {
        List<Statement> body = parseUntilAny(List.of(end));
        stream.next();
        return body;
    }

    private List<Statement> parseUntilAny(List<String> ends) {
        stream.skipOperator(":");
        stream.expect(Token.Type.BLOCK_END);
        return parseBody(ends);
    }

    /** A body of a macro: what it is called in no longer matters to break and continue. */
    private List<Statement> parseMacroBody(String end) {
        int around = loops;
        loops = 0;
        List<Statement> body = parseUntil(end);
        loops = around;
        return body;
    }

    private Statement parseFor(int line) {
        Statement.Target target = parseTarget("in", false);
        stream.expectName("in");
        Expression iterable = expressions.parseTuple(false, "recursive");
        Expression filter = stream.skipName("if") ? expressions.parse() : null;
        boolean recursive = stream.skipName("recursive");
        loops++;
        List<Statement> body = parseUntilAny(List.of("endfor", "else"));
        loops--;
        List<Statement> otherwise = stream.next().isName("else") ? parseUntil("endfor") : List.of();
        return new Statement.For(
                target,
                iterable,
                filter,
                recursive,
                body,
                otherwise,
                new Layout(),
                new Layout(),
                new Layout(),
                line);
    }

    private Statement parseIf(int line) {
        List<Statement.Branch> branches = new ArrayList<>();
        Token tag;
        do {
            Expression test = expressions.parseTuple(false, "");
            List<Statement> body = parseUntilAny(List.of("elif", "else", "endif"));
            branches.add(new Statement.Branch(test, body));
            tag = stream.next();
        } while (tag.isName("elif"));
        List<Statement> otherwise = tag.isName("else") ? parseUntil("endif") : List.of();
        return new Statement.If(branches, otherwise, line);
    }

    private Statement parseSet(int line) {
        Statement.Target target = parseTarget("", true);
        if (stream.skipOperator("=")) {
            return new Statement.Assign(target, expressions.parseTuple(true, ""), line);
        }
        Expression.Filter filter = stream.skipOperator("|") ? expressions.parseFilters() : null;
        return new Statement.AssignBlock(target, filter, parseUntil("endset"), new Layout(), line);
    }

    private Statement parseMacro(int line) {
        String name = parseTargetName();
        return new Statement.DefineMacro(parseSignatureAndBody(name, "endmacro", true), line);
    }

    private Statement parseCall(int line) {
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        if (stream.isOperator("(")) {
            parseSignature(parameters, defaults);
        }
        if (!(expressions.parse() instanceof Expression.Call call)) {
            throw TemplateException.syntax("expected call", line);
        }
        return new Statement.CallBlock(
                call, macroBody(null, parameters, defaults, parseMacroBody("endcall"), line), line);
    }

    private Statement.MacroBody parseSignatureAndBody(
            @Nullable String name, String end, boolean signature) {
        int line = stream.current().line();
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        if (signature) {
            parseSignature(parameters, defaults);
        }
        return macroBody(name, parameters, defaults, parseMacroBody(end), line);
    }

    private static Statement.MacroBody macroBody(
            @Nullable String name,
            List<String> parameters,
            List<Expression> defaults,
            List<Statement> body,
            int line) {
        Set<String> free = FreeNames.of(body, Set.of("caller", "kwargs", "varargs"));
        int caller = parameters.indexOf("caller");
        if (free.contains("caller")
                && caller >= 0
                && caller < parameters.size() - defaults.size()) {
            throw TemplateException.syntax(
                    "When defining macros or call blocks the special \"caller\" argument must be"
                            + " omitted or be given a default.",
                    line);
        }
        return new Statement.MacroBody(
                name,
                parameters,
                defaults,
                free.contains("caller"),
                free.contains("kwargs") && !parameters.contains("kwargs"),
                free.contains("varargs") && !parameters.contains("varargs"),
                body,
                new Layout());
    }

    private void parseSignature(List<String> parameters, List<Expression> defaults) {
        stream.expectOperator("(");
        Set<String> names = new HashSet<>();
        while (!stream.isOperator(")")) {
            if (!parameters.isEmpty()) {
                stream.expectOperator(",");
            }
            String name = parseTargetName();
            if (!names.add(name)) {
                throw stream.error("duplicate argument '" + name + "' in macro definition");
            }
            parameters.add(name);
            if (stream.skipOperator("=")) {
                defaults.add(expressions.parse());
            } else if (!defaults.isEmpty()) {
                throw stream.error("non-default argument follows default argument");
            }
        }
        stream.next();
    }

    private Statement parseWith(int line) {
        List<Statement.Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!stream.is(Token.Type.BLOCK_END)) {
            if (!targets.isEmpty()) {
                stream.expectOperator(",");
            }
            targets.add(parseTarget("", false));
            stream.expectOperator("=");
            values.add(expressions.parse());
        }
        return new Statement.With(targets, values, parseUntil("endwith"), new Layout(), line);
    }

    private Statement parseBlock(int line) {
        String name = stream.expect(Token.Type.NAME).text();
        stream.skipName("scoped");
        stream.skipName("required");
        if (!blockNames.add(name)) {
            throw TemplateException.syntax("block '" + name + "' defined twice", line);
        }
        List<Statement> body = parseMacroBody("endblock");
        stream.skipName(name);
        return new Statement.Block(name, body, new Layout(), line);
    }

    private Statement parseGeneration(int line) {
        return new Statement.Generation(parseMacroBody("endgeneration"), new Layout(), line);
    }

    private void parsePrint(List<Statement> body) {
        while (!stream.is(Token.Type.BLOCK_END)) {
            int line = stream.current().line();
            body.add(new Statement.Print(expressions.parse(), line));
            if (!stream.is(Token.Type.BLOCK_END)) {
                stream.expectOperator(",");
            }
        }
    }

    private Statement parseLoopControl(Token tag) {
        if (loops == 0) {
            throw TemplateException.syntax("'" + tag.text() + "' outside loop", tag.line());
        }
        return tag.isName("break")
                ? new Statement.Break(tag.line())
                : new Statement.Continue(tag.line());
    }

    /** A statement that fails when it is reached: only its end must be found. */
    private Statement parseUnavailable(Token tag) {
        expressions.parse();
        if (tag.isName("autoescape")) {
            parseUntil("endautoescape");
        }
        while (stream.is(Token.Type.NAME) || stream.isOperator(",")) {
            stream.next();
        }
        return new Statement.Unavailable(tag.text(), tag.line());
    }

    private String parseTargetName() {
        Token name = stream.expect(Token.Type.NAME);
        if (CONSTANTS.contains(name.text())) {
            throw TemplateException.syntax("can't assign to 'name'", name.line());
        }
        return name.text();
    }

    /** A name, or names with commas; for {@code set} also attributes of namespaces. */
    private Statement.Target parseTarget(String endName, boolean attributes) {
        List<Statement.Target> targets = new ArrayList<>();
        boolean tuple = false;
        while (!expressions.isTupleEnd(endName)) {
            targets.add(parseSingleTarget(attributes));
            if (!stream.skipOperator(",")) {
                break;
            }
            tuple = true;
        }
        if (tuple) {
            return new Statement.TupleTarget(targets);
        }
        if (targets.isEmpty()) {
            throw stream.error(
                    "Expected an expression, got '" + stream.current().described() + "'");
        }
        return targets.getFirst();
    }

    private Statement.Target parseSingleTarget(boolean attributes) {
        Token token = stream.next();
        if (token.isOperator("(")) {
            stream.enter();
            Statement.Target inner =
                    stream.isOperator(")")
                            ? new Statement.TupleTarget(List.of())
                            : parseTarget("", false);
            stream.expectOperator(")");
            stream.leave();
            return inner;
        }
        if (token.type() != Token.Type.NAME || CONSTANTS.contains(token.text())) {
            throw TemplateException.syntax(
                    "can't assign to '" + token.described() + "'", token.line());
        }
        if (attributes && stream.skipOperator(".")) {
            String attribute = stream.expect(Token.Type.NAME).text();
            return new Statement.AttributeTarget(token.text(), attribute);
        }
        return new Statement.NameTarget(token.text());
    }

    private TemplateException unexpectedEnd() {
        return stream.error("Unexpected end of template." + lookingFor(null));
    }

    private TemplateException unknownTag(Token tag) {
        String name = tag.text();
        return TemplateException.syntax(
                "Encountered unknown tag '" + name + "'." + lookingFor(name), tag.line());
    }

    private String lookingFor(@Nullable String tag) {
        StringBuilder message = new StringBuilder();
        List<String> ends = endings.peek();
        if (ends != null) {
            String wanted =
                    ends.stream().map(end -> "'" + end + "'").collect(Collectors.joining(" or "));
            boolean misplaced = tag != null && endings.stream().anyMatch(e -> e.contains(tag));
            message.append(
                    misplaced
                            ? " You probably made a nesting mistake. Jinja is expecting this tag,"
                                    + " but currently looking for "
                                    + wanted
                                    + "."
                            : " Jinja was looking for the following tags: " + wanted + ".");
        }
        if (!openTags.isEmpty()) {
            message.append(
                    " The innermost block that needs to be closed is '%s'."
                            .formatted(openTags.peek()));
        }
        return message.toString();
    }
}
