package dev.snoozy.text.template;

import java.util.List;

/** The tokens of a template, read one by one. Also bounds how deep the parser recurses. */
final class TokenStream {
    /** Nesting of brackets, operators and tags. Jinja itself gives up earlier. */
    private static final int DEEPEST = 120;

    private final List<Token> tokens;
    private int at;
    private int depth;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(at);
    }

    Token following() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    /** Returns the current token and goes to the next. */
    Token next() {
        Token token = current();
        if (at < tokens.size() - 1) {
            at++;
        }
        return token;
    }

    boolean is(Token.Type type) {
        return current().type() == type;
    }

    boolean isOperator(String operator) {
        return current().isOperator(operator);
    }

    boolean isName(String name) {
        return current().isName(name);
    }

    boolean skipOperator(String operator) {
        boolean found = isOperator(operator);
        if (found) {
            next();
        }
        return found;
    }

    boolean skipName(String name) {
        boolean found = isName(name);
        if (found) {
            next();
        }
        return found;
    }

    Token expect(Token.Type type) {
        return is(type) ? next() : fail(new Token(type, "name", "", 0).described());
    }

    Token expectOperator(String operator) {
        return isOperator(operator) ? next() : fail(operator);
    }

    Token expectName(String name) {
        return isName(name) ? next() : fail(name);
    }

    private Token fail(String expected) {
        throw error(
                is(Token.Type.END)
                        ? "unexpected end of template, expected '" + expected + "'."
                        : "expected token '%s', got '%s'"
                                .formatted(expected, current().described()));
    }

    TemplateException error(String message) {
        return TemplateException.syntax(message, current().line());
    }

    void enter() {
        if (++depth > DEEPEST) {
            throw error("the template nests more than " + DEEPEST + " levels");
        }
    }

    void leave() {
        depth--;
    }
}
