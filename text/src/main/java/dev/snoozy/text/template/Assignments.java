package dev.snoozy.text.template;

import java.util.List;

/** Whether statements assign a name, at any depth. Parameters are no assignments. */
final class Assignments {
    private Assignments() {}

    static boolean contain(List<Statement> statements, String name) {
        return statements.stream().anyMatch(statement -> contain(statement, name));
    }

    static boolean contain(Statement statement, String name) {
        return switch (statement) {
            case Statement.For loop ->
                    assigns(loop.target(), name)
                            || contain(loop.body(), name)
                            || contain(loop.otherwise(), name);
            case Statement.If choice ->
                    choice.branches().stream().anyMatch(branch -> contain(branch.body(), name))
                            || contain(choice.otherwise(), name);
            case Statement.Assign assign -> assigns(assign.target(), name);
            case Statement.AssignBlock assign ->
                    assigns(assign.target(), name) || contain(assign.body(), name);
            case Statement.DefineMacro macro -> contain(macro.macro().body(), name);
            case Statement.CallBlock call -> contain(call.caller().body(), name);
            case Statement.FilterBlock filter -> contain(filter.body(), name);
            case Statement.With with -> contain(with.body(), name);
            case Statement.Block block -> contain(block.body(), name);
            case Statement.Generation generation -> contain(generation.body(), name);
            default -> false;
        };
    }

    private static boolean assigns(Statement.Target target, String name) {
        return switch (target) {
            case Statement.NameTarget simple -> simple.name().equals(name);
            case Statement.TupleTarget tuple ->
                    tuple.targets().stream().anyMatch(part -> assigns(part, name));
            case Statement.AttributeTarget ignored -> false;
        };
    }
}
