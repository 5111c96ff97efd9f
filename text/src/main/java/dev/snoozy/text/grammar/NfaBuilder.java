package dev.snoozy.text.grammar;

import dev.snoozy.text.TextException;
import dev.snoozy.text.grammar.Determinizer.JoinBudget;
import dev.snoozy.text.grammar.Expression.Member;
import dev.snoozy.text.grammar.Expression.Rule;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Turns the expression of a rule into states and edges (Thompson, "Regular expression search
 * algorithm", 1968). Used by one thread.
 */
final class NfaBuilder {
    private static final int BYTE_MASK = 0xFF;
    private static final int LONGEST_CHARACTER = 4;

    private final Nfa nfa = new Nfa();
    private final ToIntFunction<Rule> numbers;
    private final JoinBudget budget;
    private final int mostStates;

    private NfaBuilder(ToIntFunction<Rule> numbers, JoinBudget budget, int mostStates) {
        this.numbers = numbers;
        this.budget = budget;
        this.mostStates = mostStates;
    }

    /**
     * The automaton of an expression.
     *
     * @param numbers gives the number of a rule that is called
     * @param budget for parts that must be joined before they are used
     * @param mostStates the most states, or a {@link TextException}
     */
    static Nfa build(
            Expression expression, ToIntFunction<Rule> numbers, JoinBudget budget, int mostStates) {
        NfaBuilder builder = new NfaBuilder(numbers, budget, mostStates);
        builder.nfa.end(builder.append(expression, 0));
        return builder.nfa;
    }

    /** Lets an expression follow a state; gives the state behind it. */
    private int append(Expression expression, int from) {
        return switch (expression) {
            case Expression.Literal(String text) -> literal(text, from);
            case Expression.Characters(CodePoints set) -> characters(set, from, newState());
            case Expression.Sequence(List<Expression> parts) -> {
                int at = from;
                for (Expression part : parts) {
                    at = append(part, at);
                }
                yield at;
            }
            case Expression.Choice(List<Expression> options) -> {
                int out = newState();
                for (Expression option : options) {
                    edge(append(option, from), Nfa.NOTHING, out);
                }
                yield out;
            }
            case Expression.Repeat repeat -> repeat(repeat, from);
            case Expression.Call(Rule rule) -> {
                int out = newState();
                edge(from, Nfa.call(numbers.applyAsInt(rule)), out);
                yield out;
            }
            case Expression.Members members -> members(members, from);
            case Expression.OtherThan other -> otherThan(other, from);
            case Expression.MultipleOf(int divisor) -> multipleOf(divisor, from);
            case Expression.Both(Expression one, Expression other) -> both(one, other, from);
            case Expression.FreeUntil free -> freeUntil(free, from);
        };
    }

    private int literal(String text, int from) {
        int at = from;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int next = newState();
            edge(at, Nfa.bytes(b & BYTE_MASK, b & BYTE_MASK), next);
            at = next;
        }
        return at;
    }

    private int characters(CodePoints set, int from, int out) {
        int[] tails = new int[LONGEST_CHARACTER];
        Arrays.fill(tails, Nfa.NONE);
        tails[0] = out;
        for (CodePoints.Range range : set.ranges()) {
            Utf8Ranges.split(
                    range.first(), range.last(), (first, last) -> bytes(from, first, last, tails));
        }
        return out;
    }

    /** A sequence of byte ranges; tails of any continuation bytes are shared. */
    private void bytes(int from, int[] first, int[] last, int[] tails) {
        int at = from;
        for (int i = 0; i < first.length; i++) {
            int left = first.length - 1 - i;
            int next = rest(first, last, i + 1) ? tail(left, tails) : newState();
            edge(at, Nfa.bytes(first[i], last[i]), next);
            if (next == tails[left]) {
                return;
            }
            at = next;
        }
    }

    /** Whether any continuation byte may stand in all places from here on. */
    private static boolean rest(int[] first, int[] last, int from) {
        for (int i = from; i < first.length; i++) {
            if (first[i] != 0x80 || last[i] != 0xBF) {
                return false;
            }
        }
        return true;
    }

    private int tail(int length, int[] tails) {
        for (int i = 1; i <= length; i++) {
            if (tails[i] == Nfa.NONE) {
                tails[i] = newState();
                edge(tails[i], Nfa.bytes(0x80, 0xBF), tails[i - 1]);
            }
        }
        return tails[length];
    }

    private int repeat(Expression.Repeat repeat, int from) {
        boolean endless = repeat.most() == Expression.UNLIMITED;
        int at = from;
        for (int i = endless ? 1 : 0; i < repeat.least(); i++) {
            int size = size();
            at = append(repeat.body(), at);
            if (size() == size) {
                return at; // however often nothing is repeated
            }
        }
        if (endless) {
            int loop = newState();
            edge(at, Nfa.NOTHING, loop);
            int out = newState();
            int end = append(repeat.body(), loop);
            edge(end, Nfa.NOTHING, loop);
            edge(repeat.least() == 0 ? loop : end, Nfa.NOTHING, out);
            return out;
        }
        int out = newState();
        for (int i = repeat.least(); i < repeat.most(); i++) {
            edge(at, Nfa.NOTHING, out);
            int before = at;
            at = append(repeat.body(), at);
            if (at == before) {
                break;
            }
        }
        edge(at, Nfa.NOTHING, out);
        return out;
    }

    private int size() {
        return nfa.states() + nfa.edges();
    }

    /** Two rows of states: before and after the first item that is there. */
    private int members(Expression.Members members, int from) {
        int out = newState();
        boolean mayBeEmpty = members.members().stream().noneMatch(Member::required);
        if (mayBeEmpty) {
            edge(from, Nfa.NOTHING, out);
        }
        int none = append(members.first(), from);
        int some = Nfa.NONE;
        for (Member member : members.members()) {
            int next = newState();
            if (none != Nfa.NONE) {
                edge(append(member.item(), none), Nfa.NOTHING, next);
            }
            if (some != Nfa.NONE) {
                int separated = append(members.separator(), some);
                edge(append(member.item(), separated), Nfa.NOTHING, next);
            }
            if (member.required()) {
                none = Nfa.NONE;
            } else if (some != Nfa.NONE) {
                edge(some, Nfa.NOTHING, next);
            }
            some = next;
        }
        Expression more = members.more();
        if (more != null) {
            some = more(members, more, none, some);
        }
        if (some != Nfa.NONE) {
            edge(append(members.last(), some), Nfa.NOTHING, out);
        }
        return out;
    }

    private int more(Expression.Members members, Expression more, int none, int some) {
        int loop = newState();
        if (none != Nfa.NONE) {
            edge(append(more, none), Nfa.NOTHING, loop);
        }
        if (some != Nfa.NONE) {
            edge(some, Nfa.NOTHING, loop);
        }
        int separated = append(members.separator(), loop);
        edge(append(more, separated), Nfa.NOTHING, loop);
        return loop;
    }

    /** A tree of the names; whoever leaves it, or ends inside it, has written another text. */
    private int otherThan(Expression.OtherThan other, int from) {
        int out = newState();
        int free = newState();
        edge(free, Nfa.NOTHING, out);
        characters(other.characters(), free, free);
        NameTree tree = NameTree.of(other.names());
        int[] states = new int[tree.size()];
        states[0] = newState();
        edge(from, Nfa.NOTHING, states[0]);
        for (int node = 0; node < states.length; node++) {
            CodePoints leaving = other.characters();
            for (int child : tree.children(node)) {
                CodePoints letter = CodePoints.range(tree.letter(child), tree.letter(child));
                states[child] = newState();
                characters(letter.and(other.characters()), states[node], states[child]);
                leaving = leaving.without(letter);
            }
            characters(leaving, states[node], free);
            if (!tree.isName(node)) {
                edge(states[node], Nfa.NOTHING, out);
            }
        }
        return out;
    }

    /** A state for each remainder of what was written so far. */
    private int multipleOf(int divisor, int from) {
        int start = newState();
        edge(from, Nfa.NOTHING, start);
        edge(from, Nfa.bytes('-', '-'), start);
        int[] remainders = new int[divisor];
        for (int i = 0; i < divisor; i++) {
            remainders[i] = newState();
        }
        for (int digit = 0; digit <= 9; digit++) {
            int label = Nfa.bytes('0' + digit, '0' + digit);
            edge(start, label, remainders[digit % divisor]);
            for (int i = 0; i < divisor; i++) {
                edge(remainders[i], label, remainders[(10 * i + digit) % divisor]);
            }
        }
        return remainders[0];
    }

    private int both(Expression one, Expression other, int from) {
        ToIntFunction<Rule> none =
                rule -> {
                    throw new TextException("what must hold together calls a rule: " + rule.name());
                };
        Nfa a = Determinizer.require(build(one, none, budget, mostStates), budget);
        Nfa b = Determinizer.require(build(other, none, budget, mostStates), budget);
        return new Product(a, b, this::newState, this::edge).append(from);
    }

    /** The automaton of Aho and Corasick (1975); its last states go on with the body. */
    private int freeUntil(Expression.FreeUntil free, int from) {
        SearchTree tree = SearchTree.of(free.texts());
        int out = newState();
        int found = newState();
        int[] states = new int[tree.size()];
        for (int node = 0; node < states.length; node++) {
            states[node] = tree.isFound(node) ? found : newState();
        }
        edge(from, Nfa.NOTHING, states[0]);
        for (int node = 0; node < states.length; node++) {
            if (!tree.isFound(node)) {
                edge(states[node], Nfa.NOTHING, out);
                int first = 0;
                for (int b = 1; b <= BYTE_MASK + 1; b++) {
                    if (b > BYTE_MASK || tree.next(node, b) != tree.next(node, first)) {
                        int label = Nfa.bytes(first, b - 1);
                        edge(states[node], label, states[tree.next(node, first)]);
                        first = b;
                    }
                }
            }
        }
        edge(append(free.body(), found), Nfa.NOTHING, out);
        return out;
    }

    private int newState() {
        if (nfa.states() >= mostStates) {
            throw Limits.exceeded("states", Limits.STATES);
        }
        return nfa.newState();
    }

    private void edge(int from, int label, int to) {
        if (nfa.edges() >= Limits.EDGES) {
            throw Limits.exceeded("edges", Limits.EDGES);
        }
        nfa.edge(from, label, to);
    }

    /** Adds a state or an edge; for {@link Product}. */
    interface Edges {
        void add(int from, int label, int to);
    }
}
