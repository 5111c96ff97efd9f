package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Settles for each scope of a template which names it has and where their first values come from,
 * and refuses filters and tests that do not exist. The rules are those of Jinja's compiler:
 *
 * <ul>
 *   <li>a name that a scope only reads comes from the enclosing scopes, else from the variables;
 *   <li>a name that a scope assigns belongs to it, and begins with the enclosing scope's value;
 *   <li>branches of {@code if} have no scope of their own;
 *   <li>an unknown filter or test is an error at once, except directly inside an {@code if}, where
 *       it is one when it is reached.
 * </ul>
 */
final class ScopeAnalyzer {
    /** The names of one scope while they are collected. */
    private static final class Symbols {
        private final @Nullable Symbols outer;
        private final Map<String, Layout.Source> sources;
        private final Set<String> assigned;

        /** How many names may still be copied, for all scopes of the template. */
        private final AtomicLong copies;

        Symbols(@Nullable Symbols outer, AtomicLong copies) {
            this(outer, new LinkedHashMap<>(), new HashSet<>(), copies);
        }

        private Symbols(
                @Nullable Symbols outer,
                Map<String, Layout.Source> sources,
                Set<String> assigned,
                AtomicLong copies) {
            this.outer = outer;
            this.sources = sources;
            this.assigned = assigned;
            this.copies = copies;
        }

        /** A scope inside this one. */
        Symbols inner() {
            return new Symbols(this, copies);
        }

        Symbols copy() {
            if (copies.addAndGet(-sources.size() - assigned.size()) < 0) {
                throw TemplateException.limit(
                        "the template uses too many names in too many branches");
            }
            return new Symbols(
                    outer, new LinkedHashMap<>(sources), new HashSet<>(assigned), copies);
        }

        boolean knows(String name) {
            for (Symbols scope = this; scope != null; scope = scope.outer) {
                if (scope.sources.containsKey(name)) {
                    return true;
                }
            }
            return false;
        }

        private boolean outerKnows(String name) {
            return outer != null && outer.knows(name);
        }

        void load(String name) {
            if (!knows(name)) {
                sources.put(name, Layout.Source.VARIABLE);
            }
        }

        void store(String name) {
            assigned.add(name);
            if (!sources.containsKey(name)) {
                sources.put(name, outerKnows(name) ? Layout.Source.OUTER : Layout.Source.NOWHERE);
            }
        }

        void parameter(String name) {
            assigned.add(name);
            sources.put(name, Layout.Source.PARAMETER);
        }

        /** Joins what branches did: what only some of them assign may keep its earlier value. */
        void join(List<Symbols> branches) {
            Set<String> fresh = new HashSet<>();
            for (Symbols branch : branches) {
                fresh.addAll(branch.assigned);
            }
            fresh.removeAll(assigned);
            for (Symbols branch : branches) {
                sources.putAll(branch.sources);
                assigned.addAll(branch.assigned);
            }
            for (String name : fresh) {
                sources.put(name, outerKnows(name) ? Layout.Source.OUTER : Layout.Source.VARIABLE);
            }
        }
    }

    /** Each branch copies the names of its scope; published templates copy some thousands. */
    private static final long MOST_COPIES = 20_000_000;

    private ScopeAnalyzer() {}

    /** Fills the layouts of a template; the result is the layout of its outermost scope. */
    static Layout analyze(List<Statement> template) {
        Layout layout = new Layout();
        analyzeScope(template, new Symbols(null, new AtomicLong(MOST_COPIES)), layout);
        return layout;
    }

    /** Analyzes a scope of which only parameters are known so far. */
    private static void analyzeScope(List<Statement> body, Symbols symbols, Layout layout) {
        body.forEach(statement -> declare(statement, symbols));
        layout.sources().putAll(symbols.sources);
        body.forEach(statement -> enter(statement, symbols, false));
    }

    /** Collects the names that a statement uses in its own scope. */
    private static void declare(Statement statement, Symbols symbols) {
        switch (statement) {
            case Statement.Print print -> load(print.value(), symbols);
            case Statement.If choice -> declareIf(choice, symbols);
            case Statement.For loop -> load(loop.iterable(), symbols);
            case Statement.Assign assign -> {
                load(assign.value(), symbols);
                store(assign.target(), symbols);
            }
            case Statement.AssignBlock assign -> store(assign.target(), symbols);
            case Statement.DefineMacro define -> {
                String name = define.macro().name();
                if (name != null) {
                    symbols.store(name);
                }
            }
            case Statement.CallBlock call -> load(call.call(), symbols);
            case Statement.FilterBlock filter -> load(filter.filter(), symbols);
            case Statement.With with -> with.values().forEach(value -> load(value, symbols));
            default -> {}
        }
    }

    private static void declareIf(Statement.If choice, Symbols symbols) {
        Statement.Branch first = choice.branches().getFirst();
        load(first.test(), symbols);
        Symbols body = symbols.copy();
        first.body().forEach(statement -> declare(statement, body));
        Symbols elifs = symbols.copy();
        for (Statement.Branch branch : choice.branches().subList(1, choice.branches().size())) {
            declareIf(new Statement.If(List.of(branch), List.of(), choice.line()), elifs);
        }
        Symbols otherwise = symbols.copy();
        choice.otherwise().forEach(statement -> declare(statement, otherwise));
        symbols.join(List.of(body, elifs, otherwise));
    }

    private static void load(Expression expression, Symbols symbols) {
        if (expression instanceof Expression.Name name) {
            symbols.load(name.name());
        }
        Children.of(expression).forEach(part -> load(part, symbols));
    }

    private static void store(Statement.Target target, Symbols symbols) {
        switch (target) {
            case Statement.NameTarget name -> symbols.store(name.name());
            case Statement.TupleTarget tuple ->
                    tuple.targets().forEach(part -> store(part, symbols));
            case Statement.AttributeTarget attribute -> symbols.load(attribute.namespace());
        }
    }

    private static void parameters(Statement.Target target, Symbols symbols) {
        switch (target) {
            case Statement.NameTarget name -> symbols.parameter(name.name());
            case Statement.TupleTarget tuple ->
                    tuple.targets().forEach(part -> parameters(part, symbols));
            case Statement.AttributeTarget attribute -> symbols.load(attribute.namespace());
        }
    }

    /** Analyzes the scopes inside a statement, and checks the names of its filters and tests. */
    private static void enter(Statement statement, Symbols symbols, boolean conditional) {
        switch (statement) {
            case Statement.Print print -> check(print.value(), conditional);
            case Statement.Assign assign -> check(assign.value(), conditional);
            case Statement.If choice -> {
                for (Statement.Branch branch : choice.branches()) {
                    check(branch.test(), true);
                    branch.body().forEach(inner -> enter(inner, symbols, true));
                }
                choice.otherwise().forEach(inner -> enter(inner, symbols, true));
            }
            case Statement.For loop -> enterFor(loop, symbols, conditional);
            case Statement.AssignBlock assign -> {
                Symbols inner = symbols.inner();
                if (assign.filter() != null) {
                    check(assign.filter(), false);
                    load(assign.filter(), inner);
                }
                analyzeScope(assign.body(), inner, assign.layout());
            }
            case Statement.DefineMacro define -> enterMacro(define.macro(), symbols);
            case Statement.CallBlock call -> {
                check(call.call(), conditional);
                enterMacro(call.caller(), symbols);
            }
            case Statement.FilterBlock filter -> {
                Symbols inner = symbols.inner();
                check(filter.filter(), false);
                analyzeScope(filter.body(), inner, filter.layout());
            }
            case Statement.With with -> {
                Symbols inner = symbols.inner();
                with.values().forEach(value -> check(value, conditional));
                with.targets().forEach(target -> parameters(target, inner));
                analyzeScope(with.body(), inner, with.layout());
            }
            case Statement.Block block ->
                    analyzeScope(block.body(), new Symbols(null, symbols.copies), block.layout());
            case Statement.Generation generation ->
                    analyzeScope(generation.body(), symbols.inner(), generation.layout());
            default -> {}
        }
    }

    private static void enterFor(Statement.For loop, Symbols symbols, boolean conditional) {
        check(loop.iterable(), conditional);
        Symbols body = symbols.inner();
        if (loop.recursive() || FreeNames.of(loop.body(), Set.of("loop")).contains("loop")) {
            body.parameter("loop");
        }
        parameters(loop.target(), body);
        analyzeScope(loop.body(), body, loop.bodyLayout());
        if (Assignments.contain(loop, "loop")) {
            throw TemplateException.syntax(
                    "Can't assign to special loop variable in for-loop target", loop.line());
        }
        analyzeScope(loop.otherwise(), symbols.inner(), loop.otherwiseLayout());
        if (loop.filter() != null) {
            Symbols filter = symbols.inner();
            parameters(loop.target(), filter);
            check(loop.filter(), false);
            load(loop.filter(), filter);
            loop.filterLayout().sources().putAll(filter.sources);
        }
    }

    private static void enterMacro(Statement.MacroBody macro, Symbols symbols) {
        Symbols inner = symbols.inner();
        macro.parameters().forEach(inner::parameter);
        if (macro.takesCaller()) {
            inner.parameter("caller");
        }
        if (macro.takesKeywords()) {
            inner.parameter("kwargs");
        }
        if (macro.takesMore()) {
            inner.parameter("varargs");
        }
        for (Expression value : macro.defaults()) {
            check(value, false);
            load(value, inner);
        }
        analyzeScope(macro.body(), inner, macro.layout());
    }

    private static void check(Expression expression, boolean conditional) {
        if (!conditional
                && expression instanceof Expression.Filter filter
                && !Filters.exists(filter.name())) {
            throw TemplateException.syntax(
                    "No filter named '" + filter.name() + "'.", filter.line());
        }
        if (!conditional
                && expression instanceof Expression.Test test
                && !Tests.exists(test.name())) {
            throw TemplateException.syntax("No test named '" + test.name() + "'.", test.line());
        }
        boolean inner = conditional || expression instanceof Expression.Conditional;
        Children.of(expression).forEach(part -> check(part, inner));
    }
}
