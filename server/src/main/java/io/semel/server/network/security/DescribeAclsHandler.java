package io.semel.server.network.security;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

import io.semel.server.network.request.Authorizer.Operation;
import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Handler;
import io.semel.server.network.request.Outcome;
import io.semel.server.network.request.Served;
import io.semel.transactions.records.AccessEntry;
import io.semel.wire.message.DescribeAclsRequestData;
import io.semel.wire.message.DescribeAclsResponseData;
import io.semel.wire.message.DescribeAclsResponseData.AclDescription;
import io.semel.wire.message.DescribeAclsResponseData.DescribeAclsResource;

/** Tells which ACLs are in force. */
public final class DescribeAclsHandler implements Handler<DescribeAclsRequestData> {
    private static final Comparator<AccessEntry> BY_RESOURCE = Comparator.comparing(AccessEntry::resourceType)
            .thenComparing(AccessEntry::resource).thenComparing(AccessEntry::patternType).thenComparing(
                    AccessEntry::principal).thenComparing(AccessEntry::host).thenComparing(AccessEntry::operation)
            .thenComparing(AccessEntry::permissionType);

    private final Served served;

    /** What ACLs are about. */
    private record Pattern(byte resourceType, String resource, byte patternType) {
    }

    public DescribeAclsHandler(Served served) {
        this.served = served;
    }

    @Override
    public void handle(DescribeAclsRequestData request, Exchange exchange) {
        AccessFilter filter = new AccessFilter(request.resourceTypeFilter(), request.resourceNameFilter(), request
                .patternTypeFilter(), request.principalFilter(), request.hostFilter(), request.operation(), request
                        .permissionType());
        Outcome right = AccessRight.of(served, exchange, Operation.DESCRIBE);
        Outcome outcome = right.isDone() && !filter.isKnown() ? AccessFilter.NOT_KNOWN : right;
        DescribeAclsResponseData response = new DescribeAclsResponseData().setErrorCode(outcome.code()).setErrorMessage(
                outcome.message());
        exchange.answer(outcome.isDone() ? describe(filter, response) : response);
    }

    private DescribeAclsResponseData describe(AccessFilter filter, DescribeAclsResponseData response) {
        Map<Pattern, DescribeAclsResource> resources = new LinkedHashMap<>();
        filter.of(served.broker().accessRules().inForce()).sorted(BY_RESOURCE).forEach(entry -> resources
                .computeIfAbsent(new Pattern(entry.resourceType(), entry.resource(), entry.patternType()),
                        pattern -> new DescribeAclsResource().setResourceType(pattern.resourceType).setResourceName(
                                pattern.resource).setPatternType(pattern.patternType))
                .acls().add(new AclDescription().setPrincipal(entry.principal()).setHost(entry.host()).setOperation(
                        entry.operation()).setPermissionType(entry.permissionType())));
        response.resources().addAll(resources.values());
        return response;
    }
}
