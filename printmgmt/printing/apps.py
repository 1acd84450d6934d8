"""What people print on: servers, queues, jobs, stations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrintingConfig(AppConfig):
    name = "printmgmt.printing"
    label = "printing"
    verbose_name = _("Printing")

    def ready(self) -> None:
        from printmgmt.mail.kinds import register_kind  # noqa: PLC0415
        from printmgmt.printing.jobs.rematching import Rematches  # noqa: PLC0415
        from printmgmt.printing.rounds import observers, outages  # noqa: PLC0415
        from printmgmt.printing.rounds.kind import Rounds  # noqa: PLC0415
        from printmgmt.printing.rounds.threads import Threads  # noqa: PLC0415
        from printmgmt.printing.secure_release import mails, watching  # noqa: PLC0415
        from printmgmt.printing.secure_release.checking import check_release_queues  # noqa: PLC0415
        from printmgmt.printing.servers.observers import on_paused, on_tested  # noqa: PLC0415
        from printmgmt.printing.stations.lock_mails import StationLocked  # noqa: PLC0415
        from printmgmt.printing.stations.uncollected import end_uncollected  # noqa: PLC0415
        from printmgmt.work import sweeps  # noqa: PLC0415

        register_kind(StationLocked())
        register_kind(outages.ServerAway())
        register_kind(outages.ServerBack())
        register_kind(mails.QueueResumed())
        register_kind(mails.QueueStoppedAgain())
        threads = Threads(Rounds())
        sweeps.register(Rounds.name, threads.start_due, threads.start_one)
        sweeps.register_work(Rematches())
        sweeps.register(outages.OUTAGES, outages.mail_outages)
        observers.register(watching.stop_resumed)
        observers.register(lambda server, client, _queues: end_uncollected(server, client))
        for moment in (observers.on_end, on_tested, on_paused):
            moment(check_release_queues)
