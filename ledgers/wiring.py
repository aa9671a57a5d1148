"""Where custom ledgers hang on to the rest of the house; called once when the app is ready."""

from django.utils.translation import gettext_lazy as _


def connect() -> None:
    """Followers of enterprises, ledgers that come with a way of working, sentences of the trail."""
    from audit import sentences
    from enterprises import lifecycle as enterprises
    from ledgers import presets
    from ledgers.lifecycle import entries
    from meetings.schemes import loading

    enterprises.followers.append(entries.follow_enterprise)
    loading.ledgers.connect(missing=presets.missing, take=presets.take)
    sentences.add(
        {
            "ledger.retired": _("停用台账"),
            "ledger.resumed": _("恢复使用台账"),
            "ledger.field_added": _("增加栏目“{field}”"),
            "ledger.field_retired": _("停用栏目“{field}”"),
            "ledger.status_added": _("增加状态“{status}”"),
            "ledger.status_retired": _("停用状态“{status}”"),
            "ledger.imported": _("导入 {file}：新增 {new} 条，更新 {changed} 条，相同 {same} 条，未导入 {wrong} 条"),
            "ledger.exported": _("导出个人信息 {count} 条，理由：{reason}，筛选条件：{conditions}"),
            "ledgerentry.created": _("登记，状态“{status}”"),
            "ledgerentry.changed": _("修改记录"),
            "ledgerentry.moved": _("从“{old}”到“{new}”"),
            "ledgerentry.moved_because": _("从“{old}”到“{new}”：{note}"),
            "ledgerentry.archived": _("作废：{reason}"),
        }
    )
