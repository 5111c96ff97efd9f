package dev.snoozy.text.grammar;

import dev.snoozy.text.TextException;
import dev.snoozy.text.grammar.Expression.Rule;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** Makes the automaton of a grammar. Used by one thread, once. */
final class Compiler {
    private final IdentityHashMap<Rule, Integer> numbers = new IdentityHashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<Nfa> parts = new ArrayList<>();
    private final Determinizer.JoinBudget budget = new Determinizer.JoinBudget();
    private int[] offsets = {};
    private int states;
    private int edges;

    private Compiler() {}

    /**
     * Compiles.
     *
     * @throws TextException if the grammar is too large, a rule begins with itself, or no text
     *     fulfils it
     */
    static Automaton compile(Expression root) {
        Compiler compiler = new Compiler();
        compiler.number(new Rule("root", root));
        for (int i = 0; i < compiler.rules.size(); i++) {
            compiler.add(compiler.rules.get(i));
        }
        return compiler.join();
    }

    private int number(Rule rule) {
        Integer known = numbers.get(rule);
        if (known == null) {
            known = rules.size();
            if (known == Limits.RULES) {
                throw Limits.exceeded("rules", Limits.RULES);
            }
            numbers.put(rule, known);
            rules.add(rule);
        }
        return known;
    }

    private void add(Rule rule) {
        Nfa raw = NfaBuilder.build(rule.body(), this::number, budget, Limits.STATES - states);
        Nfa nfa = Determinizer.tryJoin(raw, budget);
        parts.add(nfa);
        states += nfa.states();
        edges += nfa.edges();
        if (states > Limits.STATES) {
            throw Limits.exceeded("states", Limits.STATES);
        }
        if (edges > Limits.EDGES) {
            throw Limits.exceeded("edges", Limits.EDGES);
        }
    }

    private Automaton join() {
        offsets = new int[parts.size() + 1];
        for (int i = 0; i < parts.size(); i++) {
            offsets[i + 1] = offsets[i] + parts.get(i).states();
        }
        int byteEdges = 0;
        for (Nfa part : parts) {
            for (int e = 0; e < part.edges(); e++) {
                byteEdges += Nfa.isBytes(part.label(e)) ? 1 : 0;
            }
        }
        Automaton all =
                new Automaton(
                        new int[states + 1],
                        new int[byteEdges],
                        new int[byteEdges],
                        new int[states + 1],
                        new int[edges - byteEdges],
                        new int[edges - byteEdges],
                        new boolean[states],
                        new boolean[states],
                        new int[states],
                        new int[states],
                        offsets[1]);
        copy(all);
        ShortestWays.find(all, this::ruleOf);
        checkRoot(all);
        new LeftRecursion(all, offsets, rules).check();
        return Trimmer.trim(all);
    }

    private void copy(Automaton all) {
        int bytes = 0;
        int jumps = 0;
        for (int i = 0; i < parts.size(); i++) {
            Nfa part = parts.get(i);
            for (int s = 0; s < part.states(); s++) {
                int state = offsets[i] + s;
                all.ends()[state] = part.isEnd(s);
                for (int e = part.firstEdge(s); e != Nfa.NONE; e = part.nextEdge(e)) {
                    int label = part.label(e);
                    int target = offsets[i] + part.target(e);
                    if (Nfa.isBytes(label)) {
                        all.byteLabels()[bytes] = label;
                        all.byteTargets()[bytes++] = target;
                    } else {
                        boolean call = Nfa.isCall(label);
                        all.jumpCalls()[jumps] =
                                call ? offsets[Nfa.rule(label)] : Automaton.NO_CALL;
                        all.jumpTargets()[jumps++] = target;
                    }
                }
                all.byteFrom()[state + 1] = bytes;
                all.jumpFrom()[state + 1] = jumps;
            }
        }
    }

    private void checkRoot(Automaton all) {
        if (all.shortest()[0] == ShortestWays.NEVER) {
            throw new TextException(
                    "the grammar: expected at least one text that fulfils it, found none, as every"
                            + " way through "
                            + firstEndless(all)
                            + " calls it again or needs a character of an empty class");
        }
    }

    private String firstEndless(Automaton all) {
        for (int i = 1; i < rules.size(); i++) {
            if (all.shortest()[offsets[i]] == ShortestWays.NEVER) {
                return "the rule \"" + rules.get(i).name() + "\"";
            }
        }
        return "it";
    }

    private String ruleOf(int state) {
        int rule = 0;
        while (offsets[rule + 1] <= state) {
            rule++;
        }
        return rules.get(rule).name();
    }
}
