package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which of some special names a body uses before it assigns them. Like Jinja, it looks into nested
 * loops and macros as well, and takes an assignment anywhere before as a definition.
 */
final class FreeNames {
    private final Set<String> sought;
    private final Set<String> found = new HashSet<>();

    private FreeNames(Set<String> sought) {
        this.sought = new HashSet<>(sought);
    }

    static Set<String> of(List<Statement> body, Set<String> sought) {
        FreeNames names = new FreeNames(sought);
        names.visit(body);
        return names.found;
    }

    private void visit(List<Statement> body) {
        body.forEach(this::visit);
    }

    private void visit(Statement statement) {
        switch (statement) {
            case Statement.Text ignored -> {}
            case Statement.Break ignored -> {}
            case Statement.Continue ignored -> {}
            case Statement.Unavailable ignored -> {}
            case Statement.Block ignored -> {}
            case Statement.Print print -> visit(print.value());
            case Statement.If choice -> {
                for (Statement.Branch branch : choice.branches()) {
                    visit(branch.test());
                    visit(branch.body());
                }
                visit(choice.otherwise());
            }
            case Statement.For loop -> {
                define(loop.target());
                visit(loop.iterable());
                visit(loop.body());
                visit(loop.otherwise());
                visit(loop.filter());
            }
            case Statement.Assign assign -> {
                define(assign.target());
                visit(assign.value());
            }
            case Statement.AssignBlock assign -> {
                define(assign.target());
                visit(assign.filter());
                visit(assign.body());
            }
            case Statement.DefineMacro macro -> visit(macro.macro());
            case Statement.CallBlock call -> {
                visit(call.call());
                visit(call.caller());
            }
            case Statement.FilterBlock filter -> {
                visit(filter.body());
                visit(filter.filter());
            }
            case Statement.With with -> {
                with.targets().forEach(this::define);
                with.values().forEach(this::visit);
                visit(with.body());
            }
            case Statement.Generation generation -> visit(generation.body());
        }
    }

    private void visit(Statement.MacroBody macro) {
        macro.parameters().forEach(sought::remove);
        macro.defaults().forEach(this::visit);
        visit(macro.body());
    }

    private void define(Statement.Target target) {
        switch (target) {
            case Statement.NameTarget name -> sought.remove(name.name());
            case Statement.TupleTarget tuple -> tuple.targets().forEach(this::define);
            case Statement.AttributeTarget ignored -> {}
        }
    }

    private void visit(@Nullable Expression expression) {
        if (expression == null) {
            return;
        }
        if (expression instanceof Expression.Name name && sought.contains(name.name())) {
            found.add(name.name());
        }
        Children.of(expression).forEach(this::visit);
    }
}
