package dev.snoozy.text.template;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** Renders the statements of a template. */
final class Interpreter {
    /** How a statement ended. */
    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    private final Runtime runtime;
    private final Budget budget;
    private final Evaluator evaluator;

    Interpreter(Runtime runtime) {
        this.runtime = runtime;
        this.budget = runtime.budget();
        this.evaluator = new Evaluator(runtime);
    }

    /** Renders a template; a failure names the line it happened at. */
    String render(List<Statement> template, Layout layout, Map<String, Object> variables) {
        try {
            StringBuilder out = new StringBuilder();
            renderAll(template, Scope.outermost(layout, variables), out);
            return out.toString();
        } catch (TemplateException e) {
            throw e.at(evaluator.line());
        }
    }

    /** A scope inside another; filling it takes time by the number of its names. */
    Scope inner(Scope scope, Layout layout) {
        budget.work(4L * layout.sources().size());
        return scope.inner(layout);
    }

    /** The text of a macro's body. */
    String renderMacro(List<Statement> body, Scope scope) {
        StringBuilder out = new StringBuilder();
        renderAll(body, scope, out);
        return out.toString();
    }

    Object evaluate(Expression expression, Scope scope) {
        return evaluator.evaluate(expression, scope);
    }

    private Flow renderAll(List<Statement> body, Scope scope, StringBuilder out) {
        budget.enter();
        Flow flow = Flow.NEXT;
        for (int i = 0; flow == Flow.NEXT && i < body.size(); i++) {
            flow = render(body.get(i), scope, out);
        }
        budget.leave();
        return flow;
    }

    private Flow render(Statement statement, Scope scope, StringBuilder out) {
        budget.step();
        evaluator.at(statement.line());
        switch (statement) {
            case Statement.Text text -> write(text.text(), out);
            case Statement.Print print ->
                    write(runtime.text().str(evaluate(print.value(), scope)), out);
            case Statement.If choice -> {
                return renderIf(choice, scope, out);
            }
            case Statement.For loop -> {
                return renderFor(loop, scope, out);
            }
            case Statement.Assign assign -> renderAssign(assign, scope);
            case Statement.AssignBlock assign -> {
                return renderAssignBlock(assign, scope);
            }
            case Statement.DefineMacro define -> {
                String name = define.macro().name();
                if (name != null) {
                    scope.set(name, new Macro(define.macro(), scope, this));
                }
            }
            case Statement.CallBlock call -> {
                Macro caller = new Macro(call.caller(), scope, this);
                Object result = evaluator.call(call.call(), scope, Map.of("caller", caller));
                write(requireText(result), out);
            }
            case Statement.FilterBlock filter -> {
                return renderFilterBlock(filter, scope, out);
            }
            case Statement.With with -> {
                Scope inner = inner(scope, with.layout());
                for (int i = 0; i < with.targets().size(); i++) {
                    assign(with.targets().get(i), evaluate(with.values().get(i), scope), inner);
                }
                return renderAll(with.body(), inner, out);
            }
            case Statement.Block block -> renderAll(block.body(), scope.block(block.layout()), out);
            case Statement.Generation generation ->
                    renderAll(generation.body(), inner(scope, generation.layout()), out);
            case Statement.Break ignored -> {
                return Flow.BREAK;
            }
            case Statement.Continue ignored -> {
                return Flow.CONTINUE;
            }
            case Statement.Unavailable unavailable ->
                    throw TemplateException.runtime(
                            "TypeError",
                            "'%s' is not available in a chat template"
                                    .formatted(unavailable.tag()));
        }
        return Flow.NEXT;
    }

    private void write(String text, StringBuilder out) {
        budget.work(text.length());
        budget.requireText((long) out.length() + text.length());
        out.append(text);
    }

    /** What a call or filter block gives must be a string: unlike a printed value. */
    private static String requireText(Object value) {
        if (!Types.isText(value)) {
            throw TemplateException.type(
                    "sequence item: expected str instance, %s found".formatted(Types.name(value)));
        }
        return Types.text(value);
    }

    private Flow renderIf(Statement.If choice, Scope scope, StringBuilder out) {
        for (Statement.Branch branch : choice.branches()) {
            if (evaluator.test(branch.test(), scope)) {
                return renderAll(branch.body(), scope, out);
            }
        }
        return renderAll(choice.otherwise(), scope, out);
    }

    private Flow renderFor(Statement.For loop, Scope scope, StringBuilder out) {
        Object iterable = evaluate(loop.iterable(), scope);
        if (!loop.recursive()) {
            return runLoop(loop, iterable, scope, 0, out);
        }
        StringBuilder inner = new StringBuilder();
        runLoop(loop, iterable, scope, 0, inner);
        write(inner.toString(), out);
        return Flow.NEXT;
    }

    private Flow runLoop(
            Statement.For loop, Object iterable, Scope scope, int depth, StringBuilder out) {
        Iterator<Object> elements = runtime.iteration().iterator(iterable);
        boolean sized = loop.filter() == null && Iteration.isSized(iterable);
        LoopContext.Recursion recursion =
                (inner, level) -> {
                    StringBuilder text = new StringBuilder();
                    runLoop(loop, inner, scope, level, text);
                    return text.toString();
                };
        LoopContext context =
                new LoopContext(
                        runtime.iteration(),
                        sized ? iterable : null,
                        loop.filter() == null ? elements : filtered(loop, elements, scope),
                        loop.recursive() ? recursion : null,
                        depth);
        // As in Jinja, only an iteration that runs to its end counts against the else part.
        boolean completed = false;
        while (context.hasNext()) {
            Scope body = inner(scope, loop.bodyLayout());
            assign(loop.target(), context.next(), body);
            if (body.has("loop") && body.isMissing("loop")) {
                body.set("loop", context);
            }
            Flow flow = renderAll(loop.body(), body, out);
            if (flow == Flow.BREAK) {
                break;
            }
            completed |= flow == Flow.NEXT;
        }
        if (completed || loop.otherwise().isEmpty()) {
            return Flow.NEXT;
        }
        return renderAll(loop.otherwise(), inner(scope, loop.otherwiseLayout()), out);
    }

    /** The elements that pass a loop's filter, each tested when it is asked for. */
    private Iterator<Object> filtered(Statement.For loop, Iterator<Object> elements, Scope scope) {
        Scope inner = inner(scope, loop.filterLayout());
        return new Iterator<>() {
            private boolean ready;
            private Object element = None.NONE;

            @Override
            public boolean hasNext() {
                while (!ready && elements.hasNext()) {
                    element = elements.next();
                    assign(loop.target(), element, inner);
                    ready = loop.filter() == null || evaluator.test(loop.filter(), inner);
                }
                return ready;
            }

            @Override
            public Object next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                ready = false;
                return element;
            }
        };
    }

    private void renderAssign(Statement.Assign assign, Scope scope) {
        requireNamespaces(assign.target(), scope);
        Object value = evaluate(assign.value(), scope);
        evaluator.at(assign.line());
        assign(assign.target(), value, scope);
    }

    private static void requireNamespaces(Statement.Target target, Scope scope) {
        switch (target) {
            case Statement.NameTarget ignored -> {}
            case Statement.TupleTarget tuple ->
                    tuple.targets().forEach(part -> requireNamespaces(part, scope));
            case Statement.AttributeTarget attribute -> {
                if (!(scope.get(attribute.namespace()) instanceof Namespace)) {
                    throw TemplateException.raised(
                            "cannot assign attribute on non-namespace object");
                }
            }
        }
    }

    private void assign(Statement.Target target, Object value, Scope scope) {
        switch (target) {
            case Statement.NameTarget name -> scope.set(name.name(), value);
            case Statement.TupleTarget tuple -> unpack(tuple.targets(), value, scope);
            case Statement.AttributeTarget attribute -> {
                if (scope.get(attribute.namespace()) instanceof Namespace namespace) {
                    namespace.attributes().put(attribute.attribute(), value, budget);
                }
            }
        }
    }

    private void unpack(List<Statement.Target> targets, Object value, Scope scope) {
        if (!Iteration.isIterable(value)) {
            throw TemplateException.type(
                    "cannot unpack non-iterable " + Types.name(value) + " object");
        }
        Iterator<Object> elements = runtime.iteration().iterator(value);
        int found = 0;
        Object[] values = new Object[targets.size()];
        while (elements.hasNext()) {
            if (found == values.length) {
                throw TemplateException.value(
                        "too many values to unpack (expected " + values.length + ")");
            }
            values[found++] = elements.next();
        }
        if (found < values.length) {
            throw TemplateException.value(
                    "not enough values to unpack (expected %d, got %d)"
                            .formatted(values.length, found));
        }
        for (int i = 0; i < values.length; i++) {
            assign(targets.get(i), values[i], scope);
        }
    }

    private Flow renderAssignBlock(Statement.AssignBlock assign, Scope scope) {
        Scope inner = inner(scope, assign.layout());
        StringBuilder text = new StringBuilder();
        Flow flow = renderAll(assign.body(), inner, text);
        if (flow != Flow.NEXT) {
            return flow;
        }
        Object value =
                assign.filter() == null
                        ? text.toString()
                        : evaluator.filter(assign.filter(), inner, text.toString());
        if (assign.target() instanceof Statement.AttributeTarget attribute
                && !(scope.get(attribute.namespace()) instanceof Namespace)) {
            throw TemplateException.type(
                    "'%s' object does not support item assignment"
                            .formatted(Types.name(scope.get(attribute.namespace()))));
        }
        assign(assign.target(), value, scope);
        return Flow.NEXT;
    }

    private Flow renderFilterBlock(Statement.FilterBlock filter, Scope scope, StringBuilder out) {
        Scope inner = inner(scope, filter.layout());
        StringBuilder text = new StringBuilder();
        Flow flow = renderAll(filter.body(), inner, text);
        if (flow == Flow.NEXT) {
            Object value = evaluator.filter(filter.filter(), inner, text.toString());
            write(requireText(value), out);
        }
        return flow;
    }
}
